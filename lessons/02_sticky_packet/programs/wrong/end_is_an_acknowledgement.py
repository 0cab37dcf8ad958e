"""Caught by end_of_stream_is_not_an_acknowledgement: EndIsNoAcknowledgement.

recv returns nothing because the receiver has closed, and the data is sent all the same.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        server.recv(1024)
        server.sendall(message)
