"""Caught by a_caller_may_send_any_bytes: BytesAreNotText.

Bytes that are no UTF-8 raise an error, and it is none of the network.
"""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    words = b""
    while more := conn.recv(1024):
        words += more
    print(words.decode())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                answer(conn)
        except OSError as error:
            print("a call failed:", error)
