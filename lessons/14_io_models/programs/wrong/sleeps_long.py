"""Caught by an_idle_server_sleeps: SleepsTooLong.

Between two turns the server sleeps for a tenth of a second, and sees no client
meanwhile.
"""

import socket
import sys
import time

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
clients = []
while True:
    try:
        connection, _ = server.accept()
        connection.setblocking(False)
        clients.append(connection)
    except BlockingIOError:
        time.sleep(0.1)
    for connection in list(clients):
        try:
            data = connection.recv(4096)
            connection.sendall(data.upper())
        except BlockingIOError:
            continue
        except OSError:
            data = b""
        if not data:
            clients.remove(connection)
            connection.close()
