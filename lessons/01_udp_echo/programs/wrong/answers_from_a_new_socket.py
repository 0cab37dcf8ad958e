"""Caught by a_datagram_is_sent_back_unchanged: SentFromAnotherSocket.

Each answer gets a socket of its own, as accept would make it, and with it another port.
"""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65535)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as answer:
            answer.sendto(data, client)
