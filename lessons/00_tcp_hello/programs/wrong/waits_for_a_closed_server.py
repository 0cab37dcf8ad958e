"""Caught by a_server_that_closes_ends_the_wait: SpinsAtTheEnd.

It reads until the answer is complete, even when the server has closed.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        words = line.rstrip("\n").encode()
        server.sendall(words)
        answer = b""
        while len(answer) < len(words):
            answer += server.recv(1024)
        print(answer.decode(errors="replace"))
