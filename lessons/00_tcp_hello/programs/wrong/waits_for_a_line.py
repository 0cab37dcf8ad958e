"""Caught by capitals_come_back_before_the_caller_closes: BothWait.

It waits for a line break, which this wire does not have.
"""

import socket
import sys


def answer(conn):
    for line in conn.makefile("rb"):
        conn.sendall(line.upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
