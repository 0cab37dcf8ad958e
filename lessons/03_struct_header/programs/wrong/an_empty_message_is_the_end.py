"""Caught by an_empty_message_is_a_message: EmptyMessageIsAMessage.

b"" is false in Python, so the loop ends at an empty message as at the end of
the stream.
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


def read_message(conn):
    (length,) = struct.unpack("<i", exactly(conn, 4))
    if not 0 <= length <= MAX_MESSAGE:
        raise ValueError(f"a length of {length}")
    return exactly(conn, length)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                while message := read_message(conn):
                    print(message)
            except (OSError, EOFError, ValueError) as error:
                print("closed:", error)
