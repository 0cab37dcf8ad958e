"""The notes' client put: row 22, which prints the receipt and compares nothing."""

import hashlib
import os
import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
print(client.recv(1024).decode())
while True:
    name = input("file: ")
    path = os.path.join(sys.argv[2], name)
    client.send(str(os.path.getsize(path)).encode())
    client.recv(1024)
    md5 = hashlib.md5()
    with open(path, "rb") as file:
        for line in file:
            client.send(line)
            md5.update(line)
    client.send(md5.hexdigest().encode())
    print(client.recv(1024).decode())
