"""Right as server messages: MSG_WAITALL makes the kernel wait for all of it."""

import socket
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def read_message(conn):
    header = conn.recv(4, socket.MSG_WAITALL)
    if len(header) < 4:
        return None
    (length,) = struct.unpack("<i", header)
    if not 0 <= length <= MAX_MESSAGE:
        return None
    message = conn.recv(length, socket.MSG_WAITALL)
    return message if len(message) == length else None


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                while (message := read_message(conn)) is not None:
                    print(message)
            except OSError as error:
                print("failed:", error)
