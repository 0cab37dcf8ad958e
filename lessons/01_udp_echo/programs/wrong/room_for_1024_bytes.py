"""Caught by a_long_datagram_is_sent_back_whole: DatagramCut.

The buffer is the one of every example, and Linux cuts what does not fit.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(1024)
        server.sendto(data, client)
