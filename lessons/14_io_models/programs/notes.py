"""The notes' server upper: row 12.

The notes name five I/O models and show none. This is the polling server of row 11,
which serves the same wire.
"""

import socket
import sys

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
server.setblocking(False)

connections = []
while True:
    try:
        connection, address = server.accept()
        connection.setblocking(False)
        connections.append(connection)
    except BlockingIOError:
        closed = []
        for connection in connections:
            try:
                message = connection.recv(1024)
                if not message:
                    closed.append(connection)
                    continue
                connection.send(message.decode("utf-8").upper().encode("utf-8"))
            except BlockingIOError:
                pass
            except ConnectionResetError:
                closed.append(connection)
        for connection in closed:
            connection.close()
            connections.remove(connection)
