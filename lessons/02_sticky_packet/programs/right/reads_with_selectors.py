"""Right as server reads: with selectors, in one thread, bytes printed as they are."""

import selectors
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
selector = selectors.DefaultSelector()
selector.register(server, selectors.EVENT_READ)


def read(conn):
    try:
        piece = conn.recv(1024)
    except OSError as error:
        print("failed:", error)
        piece = b""
    if piece:
        print(len(piece), "bytes:", piece)
    else:
        selector.unregister(conn)
        conn.close()


while True:
    for key, _ in selector.select():
        if key.fileobj is server:
            selector.register(server.accept()[0], selectors.EVENT_READ)
        else:
            read(key.fileobj)
