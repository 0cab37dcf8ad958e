"""Caught by an_answer_arrives_after_the_half_close: BothSidesClosed.

The client closes both directions, and reads an empty answer.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(sys.stdin.buffer.read())
    server.shutdown(socket.SHUT_RDWR)
    while data := server.recv(4096):
        sys.stdout.buffer.write(data)
