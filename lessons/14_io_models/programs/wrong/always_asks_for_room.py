"""Caught by an_idle_server_sleeps: NeverRests.

There is nearly always room to send, so an event for it comes again and again.
"""

import selectors
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(server, selectors.EVENT_READ)
while True:
    for key, events in selector.select():
        if key.fileobj is server:
            connection, _ = server.accept()
            connection.setblocking(False)
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            selector.register(connection, both, bytearray())
            continue
        connection, unsent = key.fileobj, key.data
        try:
            if events & selectors.EVENT_READ:
                data = connection.recv(4096)
                if not data:
                    raise ConnectionResetError
                unsent += data.upper()
            del unsent[: connection.send(unsent)]
        except BlockingIOError:
            pass
        except OSError:
            selector.unregister(connection)
            connection.close()
