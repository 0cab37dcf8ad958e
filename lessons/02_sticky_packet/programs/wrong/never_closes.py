"""Caught by the_client_ends_when_the_typing_does: LineHeldOpen.

After the last line it waits for something that the receiver never sends.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        if not server.recv(1024):
            sys.exit("the server has left")
        server.sendall(message)
    server.recv(1024)
