"""Caught by each_read_is_printed_at_once: PrintsTooLate.

The read of a file object waits until all the bytes are there that it was asked for.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn, conn.makefile("rb") as stream:
            while piece := stream.read(1024):
                print(piece)
