"""Caught by an_empty_line_has_an_empty_answer: BothWait.

Sending nothing sends nothing, and recv waits for its answer.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        words = line.rstrip("\n").encode()
        server.sendall(words)
        answer = server.recv(1024)
        while answer and len(answer) < len(words):
            answer += server.recv(1024)
        print(answer.decode(errors="replace"))
