"""Caught by a_half_close_follows_the_goodbye: EndNeverSent.

It reads on without saying that it has nothing more to say.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = b""
    while len(received) < 5 and (words := server.recv(5 - len(received))):
        received += words
    if received != b"hello":
        sys.exit("no greeting")
    server.sendall(b"byebye")
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
