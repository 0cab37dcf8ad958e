"""Caught by a_caller_may_send_a_lot: StopsListening.

A limit keeps the memory small, and the rest of a long speech unread.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    words = b""
    while len(words) < 100_000 and (more := conn.recv(1024)):
        words += more
    print(words.decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
