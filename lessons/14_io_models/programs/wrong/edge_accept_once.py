"""Caught by clients_that_connect_together_are_served: EdgeToldOnce.

The listener is registered with EPOLLET, and each event accepts one client of several.
"""

import select
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
poll = select.epoll()
poll.register(server, select.EPOLLIN | select.EPOLLET)
clients = {}
while True:
    for number, _ in poll.poll():
        if number == server.fileno():
            connection, _ = server.accept()
            clients[connection.fileno()] = connection
            poll.register(connection, select.EPOLLIN)
            continue
        try:
            data = clients[number].recv(4096)
            clients[number].sendall(data.upper())
        except OSError:
            data = b""
        if not data:
            clients.pop(number).close()
