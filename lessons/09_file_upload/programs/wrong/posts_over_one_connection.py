"""Caught by each_posted_file_has_its_own_connection: NotAPostHeader.

All files go over one connection, and nothing says where the next name begins.
"""

import os
import pathlib
import socket
import sys

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with server:
    for line in sys.stdin:
        name = line.rstrip("\n")
        with open(pathlib.Path(sys.argv[2], name), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            server.sendall(f"post|{size}|{name}".encode())
            if size > 0:
                server.sendfile(file, count=size)
