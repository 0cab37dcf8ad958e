"""Caught by a_negative_length_is_refused: NegativeLengthTrusted.

The bad header is skipped. But where the next one begins is unknown: only its
message knew.
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
        (length,) = struct.unpack("<i", exactly(conn, 4))
        if length < 0:
            continue
        if length > MAX_MESSAGE:
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
