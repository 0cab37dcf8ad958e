"""Caught by an_empty_message_is_acknowledged_and_complete: EmptyMessageIsAMessage.

It reads before it asks whether anything is missing.
"""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit() or len(size) > 8 or int(size) > MAX_MESSAGE:
            raise ValueError("a bad size")
        conn.sendall(b"ok")
        data = conn.recv(int(size) or 1)
        while len(data) < int(size) and (piece := conn.recv(int(size) - len(data))):
            data += piece
        if len(data) < int(size):
            raise EOFError("half a message")
        print(data.decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        try:
            with conn:
                receive(conn)
        except (OSError, EOFError, ValueError) as error:
            print("failed:", error)
