# cargo kata lesson 6 --program 'python3 lessons/06_hmac_auth/starters/server.py {port}' --wire chat
"""Challenge each client, and chat with it in capitals: one recv for the answer."""

import hmac
import os
import socket
import sys

KEY = b"henry"


def proves_itself(client):
    challenge = os.urandom(32)
    client.sendall(challenge)
    answer = client.recv(32)
    return answer == hmac.new(KEY, challenge, "md5").digest()


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        client, address = server.accept()
        with client:
            if not proves_itself(client):
                print("refused:", address)
                continue
            print("accepted:", address)
            while data := client.recv(1024):
                client.sendall(data.upper())
