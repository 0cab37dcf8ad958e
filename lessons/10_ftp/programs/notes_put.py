"""The notes' server put: row 22, pieces of 1024 until their sum is the size."""

import hashlib
import pathlib
import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
number = 0
while True:
    conn, address = server.accept()
    conn.sendall("欢迎登陆FTP系统".encode("utf-8"))
    while True:
        size = conn.recv(1024)
        if not size:
            break
        conn.sendall(b"ok")
        number += 1
        md5 = hashlib.md5()
        received = 0
        with open(pathlib.Path(sys.argv[2]) / f"upload-{number}", "wb") as file:
            while True:
                data = conn.recv(1024)
                file.write(data)
                md5.update(data)
                received += len(data)
                if received == int(size):
                    break
        print("MD5 of the client:", conn.recv(1024).decode())
        conn.sendall(f"file MD5(after send):{md5.hexdigest()}".encode())
    conn.close()
