"""Caught by a_length_above_255_survives_a_header_in_pieces: HeaderReadOnce.

One recv for the header; int.from_bytes makes a number of any bytes, even of
one.
"""

import socket
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
        header = conn.recv(4)
        if not header:
            return
        length = int.from_bytes(header, "little", signed=True)
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
