"""Right as server upper: with selectors, which also say when there is room to send."""

import selectors
import socket
import sys
import time

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ)


def accept():
    try:
        client, _ = listener.accept()
    except OSError:
        time.sleep(0.01)  # Perhaps there is no descriptor: do not ask again at once.
        return
    client.setblocking(False)
    selector.register(client, selectors.EVENT_READ, bytearray())


def serve(client, unsent, events):
    """Read while nothing is unsent, and send while something is."""
    try:
        if events & selectors.EVENT_READ:
            data = client.recv(65536)
            if not data:
                return leave(client)
            unsent += data.upper()
        del unsent[: client.send(unsent)]
    except BlockingIOError:
        pass
    except OSError:
        return leave(client)
    wanted = selectors.EVENT_WRITE if unsent else selectors.EVENT_READ
    selector.modify(client, wanted, unsent)


def leave(client):
    selector.unregister(client)
    client.close()


while True:
    for key, events in selector.select():
        if key.fileobj is listener:
            accept()
        else:
            serve(key.fileobj, key.data, events)
