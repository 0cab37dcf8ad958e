"""Caught by a_late_reader_gets_every_byte_in_order: UnsentBytesLost.

send takes what fits, and the rest of the answer is thrown away.
"""

import socket
import sys
import time


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
            self.socket.send(self.unsent)
        except BlockingIOError:
            return False
        self.unsent = b""
        return True

    def is_done(self):
        return self.ended and not self.unsent


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
server.setblocking(False)
clients = []
while True:
    moved = False
    try:
        clients.append(Client(server.accept()[0]))
        moved = True
    except OSError:
        pass  # No client waits, or there is no descriptor for it.
    for client in clients[:]:
        try:
            moved |= client.turn()
            gone = client.is_done()
        except OSError as error:
            print("failed:", error)
            gone = True
        if gone:
            client.socket.close()
            clients.remove(client)
    if not moved:
        time.sleep(0.001)
