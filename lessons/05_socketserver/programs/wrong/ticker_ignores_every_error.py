"""Caught by a_ticker_ends_when_its_client_leaves: GoneInTwoWays.

Errors are ignored, so it writes to clients that have gone for ever.
"""

import socket
import sys
import threading
import time


def tick(conn):
    with conn:
        while True:
            try:
                conn.sendall(b"hello")
            except OSError:
                pass
            time.sleep(0.5)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        try:
            conn, _ = server.accept()
        except OSError as error:
            print("failed to accept:", error)
            time.sleep(0.05)
        else:
            threading.Thread(target=tick, args=(conn,), daemon=True).start()
