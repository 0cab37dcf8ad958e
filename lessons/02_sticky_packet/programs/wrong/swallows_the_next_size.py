"""Caught by the_next_size_stays_in_the_stream: ReadTooFar.

Each recv asks for 1024 bytes, and what is too much of them is dropped.
"""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit() or len(size) > 8 or int(size) > MAX_MESSAGE:
            raise ValueError("a bad size")
        conn.sendall(b"ok")
        data = b""
        while len(data) < int(size):
            piece = conn.recv(1024)
            if not piece:
                raise EOFError("half a message")
            data += piece
        print(data[: int(size)].decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                receive(conn)
        except (OSError, EOFError, ValueError) as error:
            print("failed:", error)
