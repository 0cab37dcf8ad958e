"""Caught by a_reset_does_not_end_the_server: OneClientEndsTheServer.

A client that resets first raises an error in `recv`, which ends the server.
"""

import socket
import struct
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            connection.recv(1)
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
