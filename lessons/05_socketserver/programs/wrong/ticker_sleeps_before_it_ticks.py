"""Caught by a_ticker_ticks_once_per_period: PeriodNotKept.

The first tick comes half a second late.
"""

import socket
import sys
import threading
import time


def tick(conn):
    with conn:
        try:
            while True:
                time.sleep(0.5)
                conn.sendall(b"hello")
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
