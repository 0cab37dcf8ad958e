"""Caught by clients_that_disconnect_leave_nothing_behind: DescriptorsLeftBehind.

A client that has left is forgotten, but a list of all connections keeps its socket
open.
"""

import socket
import sys
import threading

connections = []


def serve(connection):
    try:
        while data := connection.recv(4096):
            connection.sendall(data.upper())
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    connection, _ = server.accept()
    connections.append(connection)
    threading.Thread(target=serve, args=[connection], daemon=True).start()
