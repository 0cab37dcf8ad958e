"""Caught by clients_are_served_one_after_another: ServesOneAndEnds.

There is no loop: after the first datagram the program ends.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    data, client = server.recvfrom(65535)
    server.sendto(data, client)
