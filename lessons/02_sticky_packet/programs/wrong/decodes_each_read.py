"""Caught by a_read_may_end_inside_a_character: PieceIsNotText.

The text in a read may be cut inside a character, and decode raises an error.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while piece := conn.recv(1024):
                print(piece.decode())
