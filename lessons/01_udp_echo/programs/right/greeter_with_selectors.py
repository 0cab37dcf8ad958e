"""Right as server greeter: a nonblocking socket, read until nothing is left."""

import selectors
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(server, selectors.EVENT_READ)
while selector.select():
    try:
        while True:
            name, client = server.recvfrom(65535)
            server.sendto(b"Hello, %s!" % name, client)
    except BlockingIOError:
        pass
    except OSError as error:
        print("a greeting is lost:", error)
