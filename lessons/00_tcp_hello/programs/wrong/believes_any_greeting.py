"""Caught by nothing_is_sent_after_a_wrong_greeting: AnotherGreeting.

Five bytes are a greeting, whatever they are.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = b""
    while len(received) < 5 and (words := server.recv(5 - len(received))):
        received += words
    if len(received) < 5:
        sys.exit("no greeting")
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
