"""Caught by a_silent_client_does_not_block_others: ClientsWaitInLine.

The next client is accepted when the last one has gone.
"""

import socket
import sys
import time


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.recv(1024)) not in (b"", b"exit"):
                conn.sendall(b"Hello, " + name + b"!")
        except OSError as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        try:
            conn, _ = server.accept()
        except OSError as error:
            print("failed to accept:", error)
            time.sleep(0.05)
        else:
            greet(conn)
