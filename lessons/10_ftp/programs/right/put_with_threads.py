"""Right as server put: a thread per client, and names from one counter."""

import hashlib
import itertools
import os
import re
import socket
import sys
import threading

FOLDER = sys.argv[2]
NUMBERS = itertools.count(1)


def exactly(conn, count):
    while count > 0:
        piece = conn.recv(min(count, 256 * 1024))
        if not piece:
            raise EOFError("the client has left")
        yield piece
        count -= len(piece)


def receive(conn, size):
    if not re.fullmatch(rb"[0-9]+", size) or int(size) >= 2**64:
        raise ValueError(f"{size} is no size")
    path = os.path.join(FOLDER, f"upload-{next(NUMBERS)}")
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
            # Unlike a rename, a link never takes a name that exists.
            os.link(temporary, path)
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
            while size := conn.recv(1024):
                receive(conn, size)
        except (EOFError, OSError, ValueError) as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
