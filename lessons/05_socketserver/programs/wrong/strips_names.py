"""Caught by a_name_that_looks_like_exit_is_greeted: ExitIsAWord.

White space is cut off before the name is compared.
"""

import socket
import sys
import threading
import time


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.recv(1024)) and name.strip() != b"exit":
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
