"""Caught by a_missing_file_does_not_end_the_conversation: MissingFileUnreported.

int() refuses no such file, and the client ends.
"""

import hashlib
import os
import pathlib
import re
import socket
import sys
import tempfile

FOLDER = pathlib.Path(sys.argv[2])


def exactly(server, count):
    while count > 0:
        piece = server.recv(min(count, 64 * 1024))
        if not piece:
            raise EOFError("the server has left")
        yield piece
        count -= len(piece)


def get(server, name):
    server.sendall(f"get {name}".encode())
    size = server.recv(1024)
    if not re.fullmatch(rb"[0-9]+", size) or int(size) >= 2**64:
        raise ValueError(f"{size} is no size")
    md5 = hashlib.md5()
    with tempfile.NamedTemporaryFile(dir=FOLDER) as file:
        server.sendall(b"ok")
        for piece in exactly(server, int(size)):
            md5.update(piece)
            file.write(piece)
        file.flush()
        if b"".join(exactly(server, 32)) != md5.hexdigest().encode():
            raise ValueError("content and MD5 do not match")
        os.link(file.name, FOLDER / f"{name}.new")
    print("saved", f"{name}.new")


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        name = line.rstrip("\n")
        if name in ("", ".", "..") or set(name) & {"/", "\0"}:
            print("no name of a file:", name)
            continue
        try:
            get(server, name)
        except FileExistsError:
            print("kept the older file:", f"{name}.new")
        except (EOFError, OSError, ValueError) as error:
            sys.exit(f"failed: {error}")
