"""Caught by the_end_of_the_stream_is_no_read: SpinsAtTheEnd.

Nothing asks whether a read has returned nothing.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while True:
                piece = conn.recv(1024)
                if piece:
                    print(piece)
