"""Caught by a_length_above_the_limit_is_refused: LengthTrusted.

The length is checked after as many bytes were read: far too late.
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
            raise ValueError(f"a length of {length}")
        message = exactly(conn, length)
        if length > MAX_MESSAGE:
            raise ValueError(f"a length of {length}")
        print(message)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                print_messages(conn)
            except (OSError, EOFError, ValueError) as error:
                print("closed:", error)
