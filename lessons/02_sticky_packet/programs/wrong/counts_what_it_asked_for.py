"""Caught by data_in_pieces_is_received_whole: OneReadIsNotOneMessage.

It subtracts 1024 for each recv, whatever recv has returned.
"""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit() or len(size) > 8 or int(size) > MAX_MESSAGE:
            raise ValueError("a bad size")
        conn.sendall(b"ok")
        data, left = b"", int(size)
        while left > 0:
            data += conn.recv(min(left, 1024))
            left -= 1024
        print(data.decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                receive(conn)
        except (OSError, EOFError, ValueError) as error:
            print("failed:", error)
