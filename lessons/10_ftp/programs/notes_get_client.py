"""The notes' client get: row 23, pieces of 1024 and both digests printed."""

import hashlib
import os
import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    name = input("get ")
    client.send(f"get {name}".encode())
    size = int(client.recv(1024).decode())
    client.send(b"ok")
    received = 0
    md5 = hashlib.md5()
    with open(os.path.join(sys.argv[2], name + ".new"), "wb") as file:
        while received < size:
            data = client.recv(1024)
            received += len(data)
            md5.update(data)
            file.write(data)
    print("MD5 of the server:", client.recv(1024).decode())
    print("MD5 of the client:", md5.hexdigest())
