"""Caught by a_long_acknowledgement_is_read_whole: AcknowledgementLeftOver.

recv(2) leaves the rest, which acknowledges the next size at once.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        server.recv(2)
        server.sendall(message)
