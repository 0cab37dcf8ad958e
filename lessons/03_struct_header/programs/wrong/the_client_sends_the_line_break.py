"""Caught by each_line_is_sent_with_its_length: NotFramed.

Lines from a file keep their line break, and it is sent with them.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.encode()
        if len(message) > MAX_MESSAGE:
            sys.exit("this line is too long")
        server.sendall(struct.pack("<i", len(message)) + message)
