"""The notes' client post: row 20, the file right behind its header."""

import os
import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
name = input("file: ")
path = os.path.join(sys.argv[2], name)
size = os.stat(path).st_size
client.send(f"post|{size}|{name}".encode())
sent = 0
with open(path, "rb") as file:
    while sent != size:
        data = file.read(1024)
        client.send(data)
        sent += len(data)
client.close()
