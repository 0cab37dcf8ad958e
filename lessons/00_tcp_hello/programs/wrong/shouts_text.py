"""Caught by only_ascii_letters_become_capitals: OnlyAsciiLettersChange.

A text knows more capitals than ASCII: ß becomes SS.
"""

import socket
import sys


def answer(conn):
    while words := conn.recv(1024):
        text = words.decode("utf-8", "surrogateescape")
        conn.sendall(text.upper().encode("utf-8", "surrogateescape"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
