"""Caught by a_message_that_fills_every_read_is_answered: EdgeToldOnce.

With EPOLLET the kernel reports that bytes arrived, not that bytes are there. One read
leaves some.
"""

import select
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
poll = select.epoll()
poll.register(server, select.EPOLLIN)
clients = {}
while True:
    for number, _ in poll.poll():
        if number == server.fileno():
            connection, _ = server.accept()
            clients[connection.fileno()] = connection
            poll.register(connection, select.EPOLLIN | select.EPOLLET)
            continue
        try:
            data = clients[number].recv(4096)
            clients[number].sendall(data.upper())
        except OSError:
            data = b""
        if not data:
            clients.pop(number).close()
