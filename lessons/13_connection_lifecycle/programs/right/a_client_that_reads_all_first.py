"""Right as client capitals: reads all that is typed, and then connects."""

import socket
import sys

question = sys.stdin.buffer.read()
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(question)
    server.shutdown(socket.SHUT_WR)
    while answer := server.recv(64 * 1024):
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
