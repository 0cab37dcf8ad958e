"""Caught by nothing_is_sent_before_the_greeting_is_complete: SpeaksTooSoon.

The goodbye leaves before the greeting has come.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    received = b""
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
