"""Caught by a_name_need_not_be_text: BytesAreNotText.

Bytes that are no UTF-8 come back as question marks.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        name, client = server.recvfrom(65000)
        greeting = f"Hello, {name.decode(errors='replace')}!"
        server.sendto(greeting.encode(), client)
