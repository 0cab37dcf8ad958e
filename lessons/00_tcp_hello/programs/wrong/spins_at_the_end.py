"""Caught by replies_go_on_until_the_caller_closes: SpinsAtTheEnd.

recv returns nothing for ever after the end, and the loop goes on.
"""

import socket
import sys


def answer(conn):
    while True:
        conn.sendall(conn.recv(1024).upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
