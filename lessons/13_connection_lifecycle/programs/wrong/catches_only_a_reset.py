"""Caught by a_server_outlives_every_client: OneClientEndsTheServer.

The server expects a reset where it reads, and none where it answers.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            question = b""
            try:
                while data := connection.recv(4096):
                    question += data
            except ConnectionResetError:
                continue
            connection.sendall(question.upper())
