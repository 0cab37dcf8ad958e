"""Right as client bot: a thread sends, and the server's end ends the program."""

import os
import socket
import sys
import threading


def send_lines(server):
    for line in sys.stdin:
        server.sendall(line.rstrip("\n").encode())
    server.shutdown(socket.SHUT_WR)


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    threading.Thread(target=send_lines, args=(server,), daemon=True).start()
    while answer := server.recv(2048):
        print(answer.decode())
sys.stdout.flush()
os._exit(0)
