"""Caught by an_idle_server_sleeps: NeverRests.

After a turn in which nothing moved the next one begins at once.
"""

import socket
import sys


class Client:
    def __init__(self, socket):
        socket.setblocking(False)
        self.socket = socket
        self.unsent = b""
        self.ended = False

    def turn(self):
        """Read and send what is possible now; return whether anything moved."""
        return self.read() | self.send()

    def read(self):
        if self.ended or len(self.unsent) > 65536:
            return False
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return False
        self.unsent += data.upper()
        self.ended = not data
        return True

    def send(self):
        if not self.unsent:
            return False
        try:
            sent = self.socket.send(self.unsent)
        except BlockingIOError:
            return False
        self.unsent = self.unsent[sent:]
        return True

    def is_done(self):
        return self.ended and not self.unsent


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
server.setblocking(False)
clients = []
while True:
    try:
        clients.append(Client(server.accept()[0]))
    except OSError:
        pass  # No client waits, or there is no descriptor for it.
    for client in clients[:]:
        try:
            client.turn()
            gone = client.is_done()
        except OSError as error:
            print("failed:", error)
            gone = True
        if gone:
            client.socket.close()
            clients.remove(client)
