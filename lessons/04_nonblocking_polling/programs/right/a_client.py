"""Right as client upper: it sends the line break too, and reads until it comes back."""

import socket
import sys

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with server, server.makefile("rb") as answers:
    for line in sys.stdin:
        server.sendall(line.encode())
        answer = answers.readline()
        if not answer:
            sys.exit("the server has closed the connection")
        print(answer.decode(), end="")
