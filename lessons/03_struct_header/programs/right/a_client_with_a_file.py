"""Right as client messages: the socket as a file, flushed after each message."""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with server, server.makefile("wb") as file:
    for line in sys.stdin.buffer:
        message = line.removesuffix(b"\n")
        if len(message) > MAX_MESSAGE:
            print("this line is too long, and was not sent")
            continue
        file.write(len(message).to_bytes(4, "little"))
        file.write(message)
        file.flush()
