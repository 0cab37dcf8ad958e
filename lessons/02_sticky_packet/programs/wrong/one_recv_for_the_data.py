"""Caught by data_in_pieces_is_received_whole: OneReadIsNotOneMessage.

The size is known, but one recv is trusted to return all of it.
"""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit() or len(size) > 8 or int(size) > MAX_MESSAGE:
            raise ValueError("a bad size")
        conn.sendall(b"ok")
        print(conn.recv(int(size)).decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                receive(conn)
        except (OSError, EOFError, ValueError) as error:
            print("failed:", error)
