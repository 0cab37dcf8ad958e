"""Caught by clients_that_disconnect_leave_nothing_behind: DescriptorsLeftBehind.

shutdown() ends the connection, but the list keeps its descriptor open.
"""

import socket
import sys
import threading
import time

clients = []


def greet(conn):
    clients.append(conn)
    try:
        conn.sendall(b"Welcome!")
        while (name := conn.recv(1024)) not in (b"", b"exit"):
            conn.sendall(b"Hello, " + name + b"!")
        conn.shutdown(socket.SHUT_RDWR)
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
