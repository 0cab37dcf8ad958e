"""Right as client capitals: sends what is typed, closes its side, reads to the end."""

import shutil
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    while typed := sys.stdin.buffer.read1():
        server.sendall(typed)
    server.shutdown(socket.SHUT_WR)
    with server.makefile("rb") as answer:
        shutil.copyfileobj(answer, sys.stdout.buffer)
