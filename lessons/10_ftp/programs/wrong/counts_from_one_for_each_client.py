"""Caught by no_upload_overwrites_another: OverwritesUnasked.

Each connection counts its own files, and a rename replaces what has the name.
"""

import hashlib
import itertools
import os
import re
import socket
import sys
import threading

FOLDER = sys.argv[2]


def exactly(conn, count):
    while count > 0:
        piece = conn.recv(min(count, 256 * 1024))
        if not piece:
            raise EOFError("the client has left")
        yield piece
        count -= len(piece)


def receive(conn, size, number):
    if not re.fullmatch(rb"[0-9]+", size) or int(size) >= 2**64:
        raise ValueError(f"{size} is no size")
    path = os.path.join(FOLDER, f"upload-{number}")
    temporary = f"{path}.part"
    md5 = hashlib.md5()
    try:
        with open(temporary, "xb") as file:
            conn.sendall(b"ok")
            for piece in exactly(conn, int(size)):
                md5.update(piece)
                file.write(piece)
        is_same = b"".join(exactly(conn, 32)) == md5.hexdigest().encode()
        if is_same:
            os.rename(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
    conn.sendall(f"file MD5(after send):{md5.hexdigest()}".encode())
    if not is_same:
        raise ValueError("content and MD5 do not match")


def serve(conn):
    with conn:
        try:
            conn.sendall("欢迎登陆FTP系统".encode())
            for number in itertools.count(1):
                if not (size := conn.recv(1024)):
                    break
                receive(conn, size, number)
        except (EOFError, OSError, ValueError) as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
