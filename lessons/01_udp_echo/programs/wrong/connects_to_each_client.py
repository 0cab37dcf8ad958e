"""Caught by clients_are_served_one_after_another: ServesOneAndEnds.

A connected UDP socket hears its partner only, and refuses everybody else.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65535)
        server.connect(client)
        server.send(data)
