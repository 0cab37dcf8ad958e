"""Caught by bytes_that_are_not_text_come_back_unchanged: BytesAreNotText.

What is not UTF-8 goes back as U+FFFD.
"""

import codecs
import socket
import sys

GREETING = "欢迎致电babyshen".encode()
WORD = "好".encode()


def talk(conn):
    conn.sendall(GREETING)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while (data := conn.recv(1024)) not in (b"", b"q", b"q\n", b"q\r\n"):
        if message := decoder.decode(data):
            conn.sendall(message.encode() + WORD)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                talk(conn)
            except OSError as error:
                print("failed:", error)
