"""Caught by unread_answers_do_not_block_other_clients: WaitsForOneClient.

`select` shows who has sent, and `sendall` waits for one client that does not read.
"""

import select
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
clients = []
while True:
    readable, _, _ = select.select([server, *clients], [], [])
    for ready in readable:
        if ready is server:
            clients.append(server.accept()[0])
            continue
        try:
            data = ready.recv(1024)
            ready.sendall(data.upper())
        except OSError:
            data = b""
        if not data:
            clients.remove(ready)
            ready.close()
