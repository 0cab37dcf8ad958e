"""Caught by a_server_outlives_every_client: OneClientEndsTheServer.

A reset raises an error in `recv`, and nothing catches it.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            question = b""
            while data := connection.recv(4096):
                question += data
            connection.sendall(question.upper())
