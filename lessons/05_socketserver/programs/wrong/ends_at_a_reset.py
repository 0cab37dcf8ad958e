"""Caught by a_reset_ends_only_that_conversation: OneHarmsOthers.

Nothing catches the error of a client that has reset its connection.
"""

import selectors
import socket
import sys

selector = selectors.DefaultSelector()
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
selector.register(server, selectors.EVENT_READ)


def greet(conn):
    name = conn.recv(1024)
    if name in (b"", b"exit"):
        selector.unregister(conn)
        conn.close()
    else:
        conn.sendall(b"Hello, " + name + b"!")


while True:
    for key, _ in selector.select():
        if key.fileobj is server:
            conn, _ = server.accept()
            selector.register(conn, selectors.EVENT_READ)
            conn.sendall(b"Welcome!")
        else:
            greet(key.fileobj)
