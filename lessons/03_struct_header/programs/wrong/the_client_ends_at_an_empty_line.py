"""Caught by an_empty_line_is_an_empty_message: EmptyMessageIsAMessage.

An empty line is taken for the end of the typing.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        if not message:
            break
        if len(message) > MAX_MESSAGE:
            sys.exit("this line is too long")
        server.sendall(struct.pack("<i", len(message)) + message)
