"""Caught by an_acknowledgement_may_be_any_bytes: AcknowledgementHasNoLength.

The acknowledgement is decoded as if it were a text.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        print("acknowledged:", server.recv(1024).decode())
        server.sendall(message)
