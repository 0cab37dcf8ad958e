"""Right as client ticker: prints what each recv returns, until the end."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    while data := server.recv(1024):
        print(data.decode(), flush=True)
