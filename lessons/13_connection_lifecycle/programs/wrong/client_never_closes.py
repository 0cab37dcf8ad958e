"""Caught by all_that_is_typed_is_one_question: InputNotSentWhole.

The client waits for its answer without ending its question.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(sys.stdin.buffer.read())
    while data := server.recv(4096):
        sys.stdout.buffer.write(data)
