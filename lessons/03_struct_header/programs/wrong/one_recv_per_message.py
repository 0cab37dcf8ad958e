"""Caught by a_message_survives_any_segmentation: OneReadIsNotOneMessage.

The header is read in full, the message with one recv.
"""

import socket
import struct
import sys


def exactly(conn, count):
    data = b""
    while len(data) < count and (part := conn.recv(count - len(data))):
        data += part
    return data


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while header := exactly(conn, 4):
                (length,) = struct.unpack("<i", header)
                print(conn.recv(length).decode())
