"""Caught by a_late_reader_gets_every_byte: PartialWriteIgnored.

With a timeout, send takes what fits and returns how much that was.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.settimeout(5)
        server.sendall(b"%d" % len(message))
        if not server.recv(1024):
            sys.exit("the server has left")
        server.send(message)
