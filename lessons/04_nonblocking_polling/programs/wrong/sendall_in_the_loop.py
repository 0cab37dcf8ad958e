"""Caught by unread_answers_do_not_block_other_clients: WaitsForOneClient.

select says who has sent something. But sendall waits for a client that does not read,
and the others wait, too.
"""

import select
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
sockets = [server]
while True:
    for ready in select.select(sockets, [], [])[0]:
        if ready is server:
            sockets.append(server.accept()[0])
            continue
        try:
            data = ready.recv(65536)
            ready.sendall(data.upper())
        except OSError:
            data = b""
        if not data:
            sockets.remove(ready)
            ready.close()
