"""Caught by a_caller_may_send_nothing: SilenceIsNoFailure.

A caller that says nothing is treated as a broken call, and ends the server.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    words = b""
    while more := conn.recv(1024):
        words += more
    if not words:
        raise ValueError("nothing was sent")
    print(words.decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
