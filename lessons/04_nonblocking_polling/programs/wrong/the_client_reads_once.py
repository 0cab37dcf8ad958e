"""Caught by an_answer_in_pieces_is_one_answer: OneReadIsNotOneMessage.

One recv may return a part of the answer.
"""

import socket
import sys

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with server:
    for line in sys.stdin:
        server.sendall(line.encode())
        answer = server.recv(1024)
        if not answer:
            sys.exit("the server has closed the connection")
        print(answer.decode().rstrip("\n"))
