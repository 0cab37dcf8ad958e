"""Caught by a_reset_ends_only_that_connection: OneClientEndsTheServer.

Nothing catches the error of one connection.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while piece := conn.recv(1024):
                print(piece)
