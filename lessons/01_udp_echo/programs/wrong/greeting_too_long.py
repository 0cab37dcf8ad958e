"""Caught by a_greeting_too_long_to_send_is_lost: OneReplyIsNotTheServer.

The longest name fits a datagram, its greeting does not, and the error ends the loop.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        name, client = server.recvfrom(65535)
        server.sendto(b"Hello, %s!" % name, client)
