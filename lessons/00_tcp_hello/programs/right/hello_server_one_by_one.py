"""Right as server hello: one caller after another, read to the end of its stream."""

import socket
import sys


def answer(conn):
    conn.sendall(b"hello")
    received = bytearray()
    while words := conn.recv(4096):
        received += words
    return received


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, address = server.accept()
        try:
            with conn:
                print(answer(conn).decode(errors="replace"))
        except OSError as error:
            print(address, "failed:", error)
