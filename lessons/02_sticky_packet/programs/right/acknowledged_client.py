"""Right as client acknowledged: nothing is sent before recv has returned something."""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        if len(message) > MAX_MESSAGE:
            print("too long to send")
            continue
        server.sendall(b"%d" % len(message))
        if not server.recv(1024):
            sys.exit("the server has left")
        server.sendall(message)
