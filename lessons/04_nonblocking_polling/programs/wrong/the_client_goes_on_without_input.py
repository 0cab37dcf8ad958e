"""Caught by the_client_ends_with_its_input: KeepsRunning.

At the end of its input the client waits for answers that it has not asked for.
"""

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
    answers.readline()
