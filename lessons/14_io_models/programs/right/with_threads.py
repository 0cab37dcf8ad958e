"""Right as server upper: a thread per client."""

import socket
import sys
import threading
import time


def serve(connection):
    with connection:
        try:
            while data := connection.recv(4096):
                connection.sendall(data.upper())
        except OSError:
            # This client has reset its connection, or left before its answer.
            pass


with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128) as server:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            # No descriptor is free: one will be when a client leaves.
            time.sleep(0.01)
            continue
        threading.Thread(target=serve, args=[connection], daemon=True).start()
