"""Right as client put: the lengths of greeting and receipt are known."""

import hashlib
import os
import pathlib
import socket
import sys

GREETING = "欢迎登陆FTP系统".encode()
RECEIPT = b"file MD5(after send):"


def exactly(server, count):
    data = server.recv(count, socket.MSG_WAITALL)
    if len(data) < count:
        sys.exit("the server has left")
    return data


def put(server, file):
    size = os.fstat(file.fileno()).st_size
    server.sendall(str(size).encode())
    if not server.recv(1024):
        sys.exit("the server has left")
    md5 = hashlib.md5()
    while size > 0:
        piece = file.read(min(size, 64 * 1024))
        if not piece:
            sys.exit("the file has become shorter")
        md5.update(piece)
        server.sendall(piece)
        size -= len(piece)
    digits = md5.hexdigest().encode()
    server.sendall(digits)
    if exactly(server, len(RECEIPT) + 32) != RECEIPT + digits:
        sys.exit("the server has received something else")


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    if exactly(server, len(GREETING)) != GREETING:
        sys.exit("no upload server")
    for line in sys.stdin:
        with pathlib.Path(sys.argv[2], line.rstrip("\n")).open("rb") as file:
            put(server, file)
        print("put", line, end="")
