"""Caught by the_bot_outlives_every_client: OneClientEndsTheServer.

The error of one connection ends the server.
"""

import socket
import sys

GREETING = "欢迎致电babyshen".encode()
WORD = "好".encode()


def complete(data):
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return error.start
    return len(data)


def talk(conn):
    conn.sendall(GREETING)
    kept = b""
    while (data := conn.recv(1024)) not in (b"", b"q", b"q\n", b"q\r\n"):
        kept += data
        end = complete(kept)
        if end > 0:
            conn.sendall(kept[:end] + WORD)
            kept = kept[end:]


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            talk(conn)
