"""Right as server echo: one loop, with room for the largest datagram."""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65535)
        server.sendto(data, client)
