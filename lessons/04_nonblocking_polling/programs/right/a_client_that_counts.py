"""Right as client upper: an answer is as long as its question, so no line break is needed."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        question = line.rstrip("\n").encode()
        server.sendall(question)
        answer = server.recv(len(question), socket.MSG_WAITALL)
        if len(answer) < len(question):
            break
        print(answer.decode())
