"""Caught by exit_or_end_of_stream_ends_a_greeter: SpinsAtTheEnd.

At the end of the stream it greets an empty name, again and again.
"""

import socket
import sys
import threading
import time


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.recv(1024)) != b"exit":
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
