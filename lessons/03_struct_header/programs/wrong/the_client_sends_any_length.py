"""Caught by a_line_above_the_limit_is_not_sent: SendsWhatIsRefused.

A line that every reader refuses is sent all the same.
"""

import socket
import struct
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(struct.pack("<i", len(message)) + message)
