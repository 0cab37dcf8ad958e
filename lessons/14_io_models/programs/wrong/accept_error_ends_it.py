"""Caught by a_server_goes_on_without_free_descriptors: AcceptErrorEndsTheServer.

Without a free descriptor `accept` raises an error, and it ends the whole server.
"""

import os
import socket
import sys
import threading


def serve(connection):
    with connection:
        try:
            while data := connection.recv(4096):
                connection.sendall(data.upper())
        except OSError:
            pass


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
try:
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=[connection]).start()
except OSError as error:
    print(error)
    os._exit(1)
