"""Caught by an_incomplete_greeting_is_an_error: TruncationLooksComplete.

It reads until the greeting is there, and spins if it never will be.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = b""
    while not received.startswith(b"hello"):
        received += server.recv(5 - len(received))
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
