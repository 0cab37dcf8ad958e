"""Caught by a_client_reads_until_the_server_closes: StopsListening.

It closes both directions, although the server may go on.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = b""
    while len(received) < 5 and (words := server.recv(5 - len(received))):
        received += words
    if received != b"hello":
        sys.exit("no greeting")
    server.sendall(b"byebye")
print(received.decode(errors="replace"))
