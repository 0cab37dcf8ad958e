"""Right as client post: a connection for each file, with sendfile."""

import os
import pathlib
import socket
import sys

for line in sys.stdin:
    name = line.rstrip("\n")
    with open(pathlib.Path(sys.argv[2], name), "rb") as file:
        with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
            size = os.fstat(file.fileno()).st_size
            server.sendall(f"post|{size}|{name}".encode())
            if size > 0:
                server.sendfile(file, count=size)
