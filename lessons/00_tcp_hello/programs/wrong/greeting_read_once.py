"""Caught by a_greeting_in_pieces_is_one_greeting: OneReadIsNotOneMessage.

It checks the greeting, but reads it once: a part of it is another greeting.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = server.recv(5)
    if received != b"hello":
        sys.exit("this is another server")
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
