"""Caught by bytes_that_are_not_text_come_back_too: HalfACharacter.

Each piece is decoded by itself, with replacements for what is no text.
"""

import socket
import sys


def answer(conn):
    while words := conn.recv(1024):
        conn.sendall(words.decode(errors="replace").encode().upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
