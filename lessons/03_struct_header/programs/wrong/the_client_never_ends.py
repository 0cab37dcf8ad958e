"""Caught by the_client_ends_when_the_typing_does: KeepsRunning.

At the end of the input readline returns "", without a line break. The loop
takes it for an empty line, and has no end.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        line = sys.stdin.readline()
        message = line.rstrip("\n").encode()
        if len(message) > MAX_MESSAGE:
            sys.exit("this line is too long")
        server.sendall(struct.pack("<i", len(message)) + message)
