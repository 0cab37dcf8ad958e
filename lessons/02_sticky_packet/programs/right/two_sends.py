"""Right as client two-sends: two calls of sendall."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(b"hello")
    server.sendall(b"world")
