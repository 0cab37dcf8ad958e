"""Caught by data_is_sent_only_after_the_acknowledgement: DidNotWaitForAcknowledgement.

Both leave at once, and the acknowledgement is read afterwards.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        server.sendall(message)
        server.recv(1024)
