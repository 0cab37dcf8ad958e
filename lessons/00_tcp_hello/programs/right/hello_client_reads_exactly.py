"""Right as client hello: five bytes first, then everything up to the end."""

import socket
import sys

GREETING = b"hello"


def read_greeting(server):
    greeting = b""
    while len(greeting) < len(GREETING):
        piece = server.recv(len(GREETING) - len(greeting))
        if not piece:
            sys.exit("the server has closed before its greeting was complete")
        greeting += piece
    return greeting


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    received = read_greeting(server)
    if received != GREETING:
        sys.exit("this is another server")
    server.sendall(b"byebye")
    server.shutdown(socket.SHUT_WR)
    while words := server.recv(4096):
        received += words
print(received.decode(errors="replace"))
