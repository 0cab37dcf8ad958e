"""Caught by a_greeter_welcomes_and_greets_by_name: NameHasNoEndMark.

It waits for a line break that no client sends.
"""

import socket
import sys
import threading
import time


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.makefile("rb").readline()) not in (b"", b"exit"):
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
            threading.Thread(target=greet, args=(conn,), daemon=True).start()
