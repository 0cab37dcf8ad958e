"""Caught by the_length_counts_bytes: LengthCountsCharacters.

The length is that of the text, not that of its bytes.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n")
        if len(message) > MAX_MESSAGE:
            sys.exit("this line is too long")
        server.sendall(struct.pack("<i", len(message)) + message.encode())
