"""Caught by stuck_messages_are_read_one_by_one: ReadTooFar.

Each message is read into a buffer of its own. What the last recv brought beyond
its end is thrown away with the buffer.
"""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def print_messages(conn):
    buffer = b""
    while data := conn.recv(65536):
        buffer += data
        if len(buffer) < 4:
            continue
        (length,) = struct.unpack_from("<i", buffer)
        if not 0 <= length <= MAX_MESSAGE:
            raise ValueError(f"a length of {length}")
        if len(buffer) >= 4 + length:
            print(buffer[4 : 4 + length])
            buffer = b""


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                print_messages(conn)
            except (OSError, EOFError, ValueError) as error:
                print("closed:", error)
