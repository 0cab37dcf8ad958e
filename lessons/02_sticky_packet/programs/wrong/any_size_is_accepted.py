"""Caught by a_size_above_the_limit_is_refused: LengthTrusted.

The size is digits, and then it is believed.
"""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def exactly(conn, size):
    data = b""
    while len(data) < size:
        piece = conn.recv(size - len(data))
        if not piece:
            raise EOFError("half a message")
        data += piece
    return data


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit():
            raise ValueError("a bad size")
        conn.sendall(b"ok")
        print(exactly(conn, int(size)).decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                receive(conn)
        except (OSError, EOFError, ValueError) as error:
            print("failed:", error)
