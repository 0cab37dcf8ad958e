"""Caught by a_message_is_printed: MessageNotPrinted.

The length is read in network byte order, which is big-endian: 5 becomes
83886080.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def exactly(conn, count):
    data = b""
    while len(data) < count:
        part = conn.recv(count - len(data))
        if not part:
            raise EOFError("the stream has ended")
        data += part
    return data


def print_messages(conn):
    while True:
        (length,) = struct.unpack("!i", exactly(conn, 4))
        if not 0 <= length <= MAX_MESSAGE:
            raise ValueError(f"a length of {length}")
        print(exactly(conn, length))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                print_messages(conn)
            except (OSError, EOFError, ValueError) as error:
                print("closed:", error)
