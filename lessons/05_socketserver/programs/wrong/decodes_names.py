"""Caught by a_name_need_not_be_text: NamesAreBytes.

A name that is not UTF-8 ends the conversation.
"""

import socket
import sys
import threading
import time


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.recv(1024)) not in (b"", b"exit"):
                conn.sendall(f"Hello, {name.decode()}!".encode())
        except (OSError, UnicodeError) as error:
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
