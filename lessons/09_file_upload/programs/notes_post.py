"""The notes' server post: row 20, one recv for the header, and a name that is trusted."""

import os
import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    conn, address = server.accept()
    command, size, name = conn.recv(1024).decode().split("|")
    with open(os.path.join(sys.argv[2], name), "wb") as file:
        received = 0
        while received != int(size):
            data = conn.recv(1024)
            file.write(data)
            received += len(data)
    print("saved", name)
