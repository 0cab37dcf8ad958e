"""Caught by end_of_stream_ends_the_chat_without_input: WaitsForTheKeyboard.

The thread that shows ends, and the program waits for the next line.
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


conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
shower = threading.Thread(target=show, args=(conn,), daemon=True)
shower.start()
for line in sys.stdin:
    if line.rstrip("\r\n") == "exit":
        sys.exit()
    conn.sendall(line.encode())
conn.shutdown(socket.SHUT_WR)
shower.join()
