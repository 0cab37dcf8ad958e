"""Right as server upper: a thread for each client, which may wait."""

import socket
import sys
import threading
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
        threading.Thread(target=serve, args=[client], daemon=True).start()
