"""Caught by capitals_come_back_before_the_caller_closes: BothWait.

It reads to the end of the stream before it answers.
"""

import socket
import sys


def answer(conn):
    words = b""
    while more := conn.recv(1024):
        words += more
    conn.sendall(words.upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
