"""Caught by an_incomplete_greeting_is_an_error: TruncationLooksComplete.

The loop ends at the end of the stream, and nothing checks what has come.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = b""
    while len(received) < 5 and (words := server.recv(5 - len(received))):
        received += words
    if not b"hello".startswith(received):
        sys.exit("this is another server")
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
