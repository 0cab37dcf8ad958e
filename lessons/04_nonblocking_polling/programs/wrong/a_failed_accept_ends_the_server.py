"""Caught by clients_wait_in_the_backlog_without_free_descriptors: AcceptErrorEndsTheServer.

accept fails while all descriptors are in use, and nothing catches its error.
"""

import socket
import sys
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(65536):
                client.sendall(data.upper())
        except OSError as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128) as server:
    while True:
        client, _ = server.accept()
        threading.Thread(target=serve, args=[client], daemon=True).start()
