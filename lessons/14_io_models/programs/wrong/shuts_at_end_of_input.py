"""Caught by a_half_closed_client_gets_its_whole_answer: HalfCloseLosesTheAnswer.

At the end of the stream the server closes at once, although some of the answer is
unsent.
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
            selector.register(connection, selectors.EVENT_READ, bytearray())
            continue
        connection, unsent = key.fileobj, key.data
        try:
            if events & selectors.EVENT_READ:
                data = connection.recv(65536)
                if not data:
                    raise ConnectionResetError
                unsent += data.upper()
            del unsent[: connection.send(unsent)]
        except BlockingIOError:
            pass
        except OSError:
            selector.unregister(connection)
            connection.close()
            continue
        events = selectors.EVENT_READ
        if unsent:
            events |= selectors.EVENT_WRITE
        selector.modify(connection, events, unsent)
