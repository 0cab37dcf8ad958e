"""Caught by a_datagram_need_not_be_text: BytesAreNotText.

It prints what it received as text, and the first datagram that is none ends it.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65535)
        print(data.decode())
        server.sendto(data, client)
