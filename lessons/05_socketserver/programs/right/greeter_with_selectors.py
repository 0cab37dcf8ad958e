"""Right as server greeter: one thread, which is told by the kernel who has sent something."""

import selectors
import socket
import sys
import time

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
        try:
            if key.fileobj is server:
                conn, _ = server.accept()
                selector.register(conn, selectors.EVENT_READ)
                conn.sendall(b"Welcome!")
            else:
                greet(key.fileobj)
        except OSError as error:
            print("failed:", error)
            if key.fileobj is server:
                time.sleep(0.05)
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()
