"""Caught by a_reset_ends_one_call_only: OneClientEndsTheServer.

Nothing catches the error of one connection.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    words = b""
    while more := conn.recv(1024):
        words += more
    print(words.decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            answer(conn)
