"""Caught by an_empty_line_is_an_empty_message: EmptyMessageIsAMessage.

An empty line is taken for nothing to send.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        if not message:
            continue
        server.sendall(b"%d" % len(message))
        if not server.recv(1024):
            sys.exit("the server has left")
        server.sendall(message)
