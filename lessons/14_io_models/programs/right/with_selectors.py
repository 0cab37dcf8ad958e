"""Right as server upper: the kernel reports which sockets are ready."""

import selectors
import socket
import sys

MOST_UNSENT = 64 * 1024

server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
server.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(server, selectors.EVENT_READ)


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.unsent = bytearray()
        self.ended = False
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, self)

    def serve(self, events):
        try:
            if events & selectors.EVENT_READ:
                data = self.connection.recv(4096)
                self.ended = not data
                self.unsent += data.upper()
            if self.unsent:
                del self.unsent[: self.connection.send(self.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self.unsent.clear()
            self.ended = True
        self.wait()

    def wait(self):
        reads = not self.ended and len(self.unsent) < MOST_UNSENT
        sends = bool(self.unsent)
        wanted = reads * selectors.EVENT_READ | sends * selectors.EVENT_WRITE
        if wanted:
            selector.modify(self.connection, wanted, self)
        else:
            selector.unregister(self.connection)
            self.connection.close()
            listen(True)


def listen(is_wanted):
    """Accept clients, or leave them in the backlog until a descriptor is free."""
    if is_wanted and server not in selector.get_map():
        selector.register(server, selectors.EVENT_READ)
    elif not is_wanted:
        selector.unregister(server)


while True:
    for key, events in selector.select():
        if key.data:
            key.data.serve(events)
            continue
        try:
            Client(server.accept()[0])
        except BlockingIOError:
            pass
        except OSError:
            listen(False)
