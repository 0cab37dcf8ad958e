"""Caught by forty_clients_are_served_at_once: ClientsWaitInLine.

The pool has a few threads. Each serves one client until it leaves, and the others
wait.
"""

import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def serve(client):
    with client:
        try:
            while data := client.recv(65536):
                client.sendall(data.upper())
        except OSError as error:
            print("failed:", error)


pool = ThreadPoolExecutor()
with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128) as server:
    while True:
        try:
            client, _ = server.accept()
        except OSError as error:
            print("cannot accept:", error)
            time.sleep(0.1)
            continue
        pool.submit(serve, client)
