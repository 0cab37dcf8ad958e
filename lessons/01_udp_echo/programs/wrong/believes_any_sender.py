"""Caught by only_replies_from_the_server_are_accepted: StrangerBelieved.

It asks again, but takes the first datagram that comes for the reply.
"""

import socket
import sys

SERVER = ("127.0.0.1", int(sys.argv[1]))


def ask(client, question):
    for _ in range(3):
        client.sendto(question, SERVER)
        try:
            return client.recvfrom(65535)[0]
        except socket.timeout:
            pass
    return b"no reply"


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.settimeout(1)
    for line in sys.stdin:
        reply = ask(client, line.rstrip("\n").encode())
        print(reply.decode(errors="replace"))
