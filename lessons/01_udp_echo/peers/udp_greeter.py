"""Row 4 of the notes: a server that greets by name, over UDP, and who introduces themselves to it."""

import socket
import socketserver

from peer import HOST, main, say, typed


class Greeter(socketserver.BaseRequestHandler):
    def handle(self):
        name, server = self.request
        server.sendto(b"Hello, " + name + b"!", self.client_address)


def serve():
    with socketserver.ThreadingUDPServer((HOST, 0), Greeter) as server:
        say(f"listening on {HOST}:{server.server_address[1]}")
        server.serve_forever()


def client(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for name in typed():
            asker.sendto(name, (HOST, port))
            say(asker.recvfrom(65535)[0].decode())


main(serve, client)
