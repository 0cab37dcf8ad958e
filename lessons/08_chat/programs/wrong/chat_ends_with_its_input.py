"""Caught by end_of_input_closes_only_the_sending_side: EndOfInputIsNotTheEnd.

When the input ends, the program ends, and what the peer still says is lost.
"""

import os
import socket
import sys
import threading


def show(conn):
    try:
        while data := conn.recv(1024):
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
