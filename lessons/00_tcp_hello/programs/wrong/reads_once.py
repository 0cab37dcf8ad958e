"""Caught by a_server_reads_until_the_caller_closes: OneReadIsNotOneMessage.

One recv, and what comes after it is never seen.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    print(conn.recv(1024).decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
