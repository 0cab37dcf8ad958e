"""Caught by a_reset_ends_one_conversation_only: OneClientEndsTheServer.

Nothing catches the error of one connection.
"""

import socket
import sys


def answer(conn):
    while words := conn.recv(1024):
        conn.sendall(words.upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            answer(conn)
