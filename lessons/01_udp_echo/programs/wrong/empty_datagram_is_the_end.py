"""Caught by an_empty_datagram_is_sent_back_too: EmptyDatagramIsNoEnd.

The loop is the one of a TCP server, where nothing read means the end.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65535)
        if not data:
            break
        server.sendto(data, client)
