"""Caught by the_end_of_the_session_ends_the_client: KeepsRunning.

It does not look whether the server has closed.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    print(server.recv(2048).decode())
    for line in sys.stdin:
        server.sendall(line.rstrip("\n").encode())
        answer = server.recv(2048)
        print(answer.decode())
