"""Caught by each_client_gets_its_own_echo: ReplyToAnother.

The sender of the first datagram is kept as "the client", as if there were a connection.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    data, client = server.recvfrom(65535)
    while True:
        server.sendto(data, client)
        data, _ = server.recvfrom(65535)
