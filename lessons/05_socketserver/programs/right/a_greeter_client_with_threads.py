"""Right as client greeter: a thread prints what comes, and ends the program at the end."""

import os
import socket
import sys
import threading


def show():
    while data := server.recv(2048):
        print(data.decode(), flush=True)
    os._exit(0)


server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
threading.Thread(target=show, daemon=True).start()
for line in sys.stdin:
    server.sendall(line.strip().encode())
server.close()
