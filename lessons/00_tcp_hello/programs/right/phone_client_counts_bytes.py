"""Right as client phone: each answer is as long as its line, in bytes."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    answers = server.makefile("rb")
    for line in sys.stdin:
        words = line.rstrip("\n").encode()
        server.sendall(words)
        answer = answers.read(len(words))
        if len(answer) < len(words):
            sys.exit("the server has closed")
        print(answer.decode(errors="replace"))
