"""Caught by a_silent_client_does_not_block_others: WaitsForOneClient.

The server serves one client until it leaves, and only then accepts the next.
"""

import socket
import sys
import time


def serve(client):
    with client:
        try:
            while data := client.recv(65536):
                client.sendall(data.upper())
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
        serve(client)
