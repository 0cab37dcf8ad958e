"""Caught by a_late_reader_gets_every_byte_in_order: UnsentBytesLost.

`send` returns how many bytes it took. Nothing here looks at the number.
"""

import selectors
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(server, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is server:
            connection, _ = server.accept()
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
            continue
        try:
            data = key.fileobj.recv(4096)
            key.fileobj.send(data.upper())
        except BlockingIOError:
            continue
        except OSError:
            data = b""
        if not data:
            selector.unregister(key.fileobj)
            key.fileobj.close()
