"""Caught by a_server_reads_until_the_caller_closes: OneReadIsNotOneMessage.

It reads to the end, but takes each piece for a message of its own.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    while words := conn.recv(1024):
        print(words.decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
