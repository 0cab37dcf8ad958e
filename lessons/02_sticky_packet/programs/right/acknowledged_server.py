"""Right as server acknowledged: one sender after another, as many bytes as promised."""

import socket
import sys

MAX_MESSAGE = 16 * 1024 * 1024


def exactly(conn, size):
    data = bytearray()
    while len(data) < size:
        piece = conn.recv(min(size - len(data), 65536))
        if not piece:
            raise EOFError("half a message")
        data += piece
    return data


def receive(conn):
    while size := conn.recv(1024):
        if not size.isdigit() or len(size) > 8 or int(size) > MAX_MESSAGE:
            raise ValueError("a bad size")
        conn.sendall(b"ok")
        print(exactly(conn, int(size)).decode(errors="replace"))


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, address = server.accept()
        try:
            with conn:
                receive(conn)
        except (OSError, EOFError, ValueError) as error:
            print(address, "failed:", error)
