"""The notes' server get: row 23, which is silent if it does not have the file."""

import hashlib
import os
import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    conn, address = server.accept()
    while True:
        data = conn.recv(1024)
        if not data:
            break
        command, name = data.decode().split()
        path = os.path.join(sys.argv[2], name)
        if os.path.isfile(path):
            conn.send(str(os.stat(path).st_size).encode())
            conn.recv(1024)
            md5 = hashlib.md5()
            with open(path, "rb") as file:
                for line in file:
                    md5.update(line)
                    conn.send(line)
            conn.send(md5.hexdigest().encode())
    conn.close()
