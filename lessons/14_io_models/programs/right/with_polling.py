"""Right as server upper: asks every socket, sleeps, and asks again."""

import socket
import sys
import time

server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
server.setblocking(False)
clients = {}


def turn():
    """Do what is possible without waiting; return whether anything moved."""
    moved = False
    try:
        connection, _ = server.accept()
        connection.setblocking(False)
        clients[connection] = b""
        moved = True
    except OSError:
        pass
    for connection, unsent in list(clients.items()):
        try:
            if not unsent:
                unsent = connection.recv(4096).upper()
                if not unsent:
                    raise ConnectionAbortedError
                moved = True
            clients[connection] = unsent
            sent = connection.send(unsent)
            clients[connection] = unsent[sent:]
            moved = True
        except BlockingIOError:
            pass
        except OSError:
            del clients[connection]
            connection.close()
    return moved


while True:
    if not turn():
        time.sleep(0.005)
