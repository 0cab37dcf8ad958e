"""Caught by a_server_with_full_send_buffers_sleeps: SpinsForASlowClient.

While bytes are unsent, the server tries again at once instead of waiting for room.
"""

import selectors
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(server, selectors.EVENT_READ)
unsent = {}
while True:
    owes = any(unsent.values())
    ready = {key.fileobj for key, _ in selector.select(0 if owes else None)}
    if server in ready:
        connection, _ = server.accept()
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
        unsent[connection] = b""
    for connection in list(unsent):
        try:
            if connection in ready and not unsent[connection]:
                unsent[connection] = connection.recv(4096).upper()
                if not unsent[connection]:
                    raise ConnectionResetError
            if unsent[connection]:
                sent = connection.send(unsent[connection])
                unsent[connection] = unsent[connection][sent:]
        except BlockingIOError:
            pass
        except OSError:
            selector.unregister(connection)
            del unsent[connection]
            connection.close()
