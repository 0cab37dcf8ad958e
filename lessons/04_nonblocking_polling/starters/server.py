# cargo kata lesson 4 --program 'python3 lessons/04_nonblocking_polling/starters/server.py {port}'
"""Answer in capitals: the listener is polled, and the sockets that it accepts block."""

import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
clients = []
while True:
    try:
        client, address = server.accept()
        clients.append(client)
        print("connected:", address)
    except BlockingIOError:
        for client in clients[:]:
            data = client.recv(1024)
            if data:
                client.send(data.upper())
            else:
                client.close()
                clients.remove(client)
