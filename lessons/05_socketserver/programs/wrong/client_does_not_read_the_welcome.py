"""Caught by the_welcome_is_printed: AnswerNeverCame.

It reads for the first time after the first name, and is one answer late from then on.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        server.sendall(line.rstrip("\n").encode())
        answer = server.recv(2048)
        if not answer:
            break
        print(answer.decode())
