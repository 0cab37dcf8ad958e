"""Caught by received_bytes_are_shown_at_once: ShownTooLate.

A file object returns a line when its newline has come.
"""

import os
import socket
import sys
import threading


def show(conn):
    try:
        for data in conn.makefile("rb"):
            os.write(1, data)
    except OSError as error:
        print("failed:", error)
    # The main thread may wait for the keyboard, and nothing wakes it.
    os._exit(0)


conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
shower = threading.Thread(target=show, args=(conn,), daemon=True)
shower.start()
for line in sys.stdin:
    if line.rstrip("\r\n") == "exit":
        sys.exit()
    conn.sendall(line.encode())
conn.shutdown(socket.SHUT_WR)
shower.join()
