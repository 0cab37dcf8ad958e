"""Caught by a_server_that_starts_late_is_asked_again: UnreachableIsNoFailure.

A connected socket reports that nothing listens yet, and the error ends the program.
"""

import socket
import sys


def ask(client, question):
    for _ in range(3):
        client.send(question)
        try:
            return client.recv(65535)
        except socket.timeout:
            pass
    return b"no reply"


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.connect(("127.0.0.1", int(sys.argv[1])))
    client.settimeout(1)
    for line in sys.stdin:
        print(ask(client, line.rstrip("\n").encode()).decode(errors="replace"))
