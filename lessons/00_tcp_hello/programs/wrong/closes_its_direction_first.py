"""Caught by a_server_closes_after_its_caller: ClosesBeforeItsCaller.

The server has said everything and says so, while its caller still talks.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    conn.shutdown(socket.SHUT_WR)
    words = b""
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
