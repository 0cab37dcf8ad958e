"""Caught by letters_come_back_in_capitals: AnswerNeverCame.

The server waits for a line break, and this wire has none.
"""

import socket
import sys
import threading
import time


def serve(client):
    with client:
        try:
            for line in client.makefile("rb"):
                client.sendall(line.upper())
        except OSError as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128) as server:
    while True:
        try:
            client, _ = server.accept()
        except OSError as error:
            print("cannot accept:", error)
            time.sleep(0.1)
            continue
        threading.Thread(target=serve, args=[client], daemon=True).start()
