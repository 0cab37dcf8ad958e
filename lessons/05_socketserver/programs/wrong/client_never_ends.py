"""Caught by the_client_ends_with_its_input: LineHeldOpen.

The thread that prints what comes keeps the program alive.
"""

import socket
import sys
import threading


def show():
    while data := server.recv(2048):
        print(data.decode(), flush=True)


server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
threading.Thread(target=show).start()
for line in sys.stdin:
    server.sendall(line.strip().encode())
