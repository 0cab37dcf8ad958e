"""Caught by many_clients_are_served_at_once: ClientsWaitInLine.

A pool of eight threads serves eight clients, and the ninth waits.
"""

import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.recv(1024)) not in (b"", b"exit"):
                conn.sendall(b"Hello, " + name + b"!")
        except OSError as error:
            print("failed:", error)


pool = ThreadPoolExecutor(8)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        try:
            conn, _ = server.accept()
        except OSError as error:
            print("failed to accept:", error)
            time.sleep(0.05)
        else:
            pool.submit(greet, conn)
