"""Caught by a_closed_connection_does_not_hold_the_client: SpinsAtTheEnd.

After the end of the stream recv returns b"" again and again, and the line break never
comes.
"""

import socket
import sys

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with server:
    for line in sys.stdin:
        server.sendall(line.encode())
        answer = b""
        while not answer.endswith(b"\n"):
            answer += server.recv(1024)
        print(answer.decode(), end="")
