"""Caught by replies_go_on_until_the_caller_closes: BothWait.

One recv and one answer, as in the notes, but for every caller.
"""

import socket
import sys


def answer(conn):
    conn.sendall(conn.recv(1024).upper())
    while conn.recv(1024):
        pass


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
