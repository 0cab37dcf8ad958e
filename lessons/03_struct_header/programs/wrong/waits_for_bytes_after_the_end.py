"""Caught by half_a_message_is_not_printed: SpinsAtTheEnd.

At the end of the stream recv returns b"" again and again, and the loop has no
way out.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def exactly(conn, count):
    data = b""
    while len(data) < count:
        data += conn.recv(count - len(data))
    return data


def print_messages(conn):
    while True:
        (length,) = struct.unpack("<i", exactly(conn, 4))
        if not 0 <= length <= MAX_MESSAGE:
            raise ValueError(f"a length of {length}")
        print(exactly(conn, length))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                print_messages(conn)
            except (OSError, ValueError) as error:
                print("closed:", error)
