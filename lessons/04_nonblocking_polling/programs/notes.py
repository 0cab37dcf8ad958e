"""The notes' server upper: row 11, the listener is polled, and its clients block."""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.setblocking(False)
server.listen(5)
clients = []
while True:
    try:
        client, address = server.accept()
        clients.append(client)
    except BlockingIOError:
        gone = []
        for client in clients:
            try:
                message = client.recv(1024).decode()
                if not message:
                    client.close()
                    gone.append(client)
                    continue
                client.send(message.upper().encode())
            except BlockingIOError:
                pass
        for client in gone:
            clients.remove(client)
