"""Caught by a_reset_does_not_hold_the_client: KeepsRunning.

A message that cannot be sent is sent again, over the same broken connection.
"""

import socket
import struct
import sys
import time

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        if len(message) > MAX_MESSAGE:
            sys.exit("this line is too long")
        while True:
            try:
                server.sendall(struct.pack("<i", len(message)) + message)
                break
            except OSError:
                time.sleep(0.1)
