"""Right as client messages: one sendall for each line."""

import socket
import struct
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(struct.pack("<i", len(message)) + message)
