"""Caught by both_words_arrive_in_order: NeverFlushed.

The words wait in the buffer of a file object until somebody flushes it.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    stream = server.makefile("wb")
    stream.write(b"hello")
    stream.write(b"world")
    server.recv(1024)
