"""Caught by a_caller_is_greeted_before_it_sends_anything: BothWait.

The greeting comes after the caller's words, so both wait for the other.
"""

import socket
import sys


def answer(conn):
    words = conn.recv(1024)
    conn.sendall(b"hello")
    while more := conn.recv(1024):
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
