"""Caught by the_size_counts_bytes: WrongSize.

len of a text counts characters, and a character may be several bytes.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message.decode()))
        if not server.recv(1024):
            sys.exit("the server has left")
        server.sendall(message)
