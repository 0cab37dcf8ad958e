"""Caught by an_answer_is_bytes_until_it_is_whole: HalfACharacter.

The client reads on until the line break, but decodes what each recv returns by
itself.
"""

import socket
import sys

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with server:
    for line in sys.stdin:
        server.sendall(line.encode())
        answer = ""
        while not answer.endswith("\n"):
            piece = server.recv(1024).decode()
            if not piece:
                sys.exit("the server has closed the connection")
            answer += piece
        print(answer, end="")
