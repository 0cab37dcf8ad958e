"""Caught by silence_ends_a_question_after_three_tries: NeverGivesUp.

It asks until a reply comes, even if there is no server.
"""

import socket
import sys

SERVER = ("127.0.0.1", int(sys.argv[1]))


def ask(client, question):
    while True:
        client.sendto(question, SERVER)
        try:
            return client.recvfrom(65535)[0]
        except socket.timeout:
            pass


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.settimeout(1)
    for line in sys.stdin:
        reply = ask(client, line.rstrip("\n").encode())
        print(reply.decode(errors="replace"))
