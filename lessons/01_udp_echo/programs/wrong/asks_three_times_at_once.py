"""Caught by a_lost_question_is_asked_again: AsksTooOften.

Three questions leave together, in case one is lost.
"""

import socket
import sys

SERVER = ("127.0.0.1", int(sys.argv[1]))


def ask(client, question):
    for _ in range(3):
        client.sendto(question, SERVER)
    try:
        reply, sender = client.recvfrom(65535)
        while sender != SERVER:
            reply, sender = client.recvfrom(65535)
        return reply
    except socket.timeout:
        return b"no reply"


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.settimeout(1)
    for line in sys.stdin:
        reply = ask(client, line.rstrip("\n").encode())
        print(reply.decode(errors="replace"))
