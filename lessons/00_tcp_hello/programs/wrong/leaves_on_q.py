"""Caught by replies_go_on_until_the_caller_closes: ClosesBeforeItsCaller.

A word ends the conversation that is a word like any other on this wire.
"""

import socket
import sys


def answer(conn):
    while words := conn.recv(1024):
        if words == b"q":
            return
        conn.sendall(words.upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
