"""Right as server ticker: a thread for each client, which ends when a write fails."""

import socket
import sys
import threading
import time


def tick(conn):
    with conn:
        try:
            while True:
                conn.sendall(b"hello")
                time.sleep(0.5)
        except OSError as error:
            print("a client has gone:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        try:
            conn, _ = server.accept()
        except OSError as error:
            print("failed to accept:", error)
            time.sleep(0.05)
        else:
            threading.Thread(target=tick, args=(conn,), daemon=True).start()
