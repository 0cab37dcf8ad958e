"""Caught by all_that_is_typed_is_one_question: InputNotSentWhole.

`input` removes the line break, and the lines run together.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    try:
        while True:
            server.sendall(input().encode())
    except EOFError:
        server.shutdown(socket.SHUT_WR)
    while data := server.recv(4096):
        sys.stdout.buffer.write(data)
