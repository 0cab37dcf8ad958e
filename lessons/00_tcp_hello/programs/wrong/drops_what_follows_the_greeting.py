"""Caught by bytes_right_after_the_greeting_are_kept: LostWithABuffer.

What one recv returns beyond the greeting is thrown away with its buffer.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = b""
    while len(received) < 5 and (words := server.recv(1024)):
        received += words
    received = received[:5]
    if received != b"hello":
        sys.exit("no greeting")
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
