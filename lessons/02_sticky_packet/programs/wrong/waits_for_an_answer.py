"""Caught by no_answer_is_awaited: LineHeldOpen.

After the two words it waits for an answer, which this wire does not have.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(b"hello")
    server.sendall(b"world")
    print(server.recv(1024))
