"""Caught by a_character_split_across_two_reads_is_whole: CharacterCut.

It answers the bytes of each recv, also when they end inside a character.
"""

import socket
import sys

GREETING = "欢迎致电babyshen".encode()
WORD = "好".encode()


def talk(conn):
    conn.sendall(GREETING)
    while (data := conn.recv(1024)) not in (b"", b"q", b"q\n", b"q\r\n"):
        conn.sendall(data + WORD)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                talk(conn)
            except OSError as error:
                print("failed:", error)
