"""Caught by the_next_sender_is_served: CleanEndIsNoError.

The end of the stream is parsed as a size, and the error ends the server.
"""

import socket
import sys


def exactly(conn, size):
    data = b""
    while len(data) < size:
        piece = conn.recv(size - len(data))
        if not piece:
            raise EOFError("half a message")
        data += piece
    return data


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while True:
                size = int(conn.recv(1024))
                conn.sendall(b"ok")
                print(exactly(conn, size).decode(errors="replace"))
