"""Caught by only_the_end_of_the_stream_ends_an_answer: OnlyTheCloseEnds.

An empty line counts as the end of the answer.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(sys.stdin.buffer.read())
    server.shutdown(socket.SHUT_WR)
    for line in server.makefile("rb"):
        if line == b"\n":
            break
        sys.stdout.buffer.write(line)
