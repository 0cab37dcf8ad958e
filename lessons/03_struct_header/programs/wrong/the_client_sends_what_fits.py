"""Caught by a_late_reader_gets_every_byte: PartialWriteIgnored.

A socket with a timeout does not block inside: send takes what the kernel has
room for, and returns how much that was.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.settimeout(30)
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        if len(message) > MAX_MESSAGE:
            sys.exit("this line is too long")
        server.send(struct.pack("<i", len(message)) + message)
