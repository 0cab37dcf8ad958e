"""Caught by an_answer_in_pieces_is_one_answer: OneReadIsNotOneMessage.

One recv for each answer, which may be a part of it.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        server.sendall(line.rstrip("\n").encode())
        if line != "\n":
            print(server.recv(1024).decode(errors="replace"))
