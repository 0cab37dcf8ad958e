"""Caught by half_a_message_is_not_printed: SpinsAtTheEnd.

It reads until the message is whole, even when nothing more will come.
"""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def exactly(conn, size):
    data = b""
    while len(data) < size:
        data += conn.recv(size - len(data))
    return data


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit() or len(size) > 8 or int(size) > MAX_MESSAGE:
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
