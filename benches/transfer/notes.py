"""File transfers as the notes write them: pieces of 1024 bytes, or of a line, one after another.

`receive KIND COPY` prints its port, and `done` when the file is closed; `send KIND ORIGINAL PORT` sends
when it is told to by a line. KIND is `upload` (struct and JSON header) or `ftp` (size, acknowledgement,
content, MD5).
"""

import hashlib
import json
import os
import socket
import struct
import sys

PIECE = 1024


def receive_upload(stream, path):
    header = json.loads(stream.recv(struct.unpack("i", stream.recv(4))[0]))
    left = header["length"]
    with open(path, "wb") as file:
        while left > 0:
            piece = stream.recv(min(PIECE, left))
            file.write(piece)
            left -= len(piece)


def send_upload(stream, path):
    length = os.path.getsize(path)
    header = json.dumps({"name": "copy", "length": length}).encode()
    stream.sendall(struct.pack("i", len(header)))
    stream.sendall(header)
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            stream.sendall(piece)


def receive_ftp(stream, path):
    left = int(stream.recv(PIECE))
    stream.sendall(b"ok")
    digest = hashlib.md5()
    with open(path, "wb") as file:
        while left > 0:
            piece = stream.recv(min(PIECE, left))
            file.write(piece)
            digest.update(piece)
            left -= len(piece)
    assert stream.recv(32).decode() == digest.hexdigest()


def send_ftp(stream, path):
    stream.sendall(str(os.path.getsize(path)).encode())
    stream.recv(PIECE)
    digest = hashlib.md5()
    with open(path, "rb") as file:
        for line in file:
            stream.sendall(line)
            digest.update(line)
    stream.sendall(digest.hexdigest().encode())


match sys.argv[1:]:
    case ["receive", kind, path]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            print(listener.getsockname()[1], flush=True)
            stream, _ = listener.accept()
            {"upload": receive_upload, "ftp": receive_ftp}[kind](stream, path)
            print("done", flush=True)
    case ["send", kind, path, port]:
        stream = socket.create_connection(("127.0.0.1", int(port)))
        sys.stdin.readline()
        {"upload": send_upload, "ftp": send_ftp}[kind](stream, path)
