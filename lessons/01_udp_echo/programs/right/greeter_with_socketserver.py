"""Right as server greeter: with socketserver, a thread for each name."""

import socketserver
import sys


class Greeter(socketserver.BaseRequestHandler):
    def handle(self):
        name, server = self.request
        try:
            server.sendto(b"Hello, " + name + b"!", self.client_address)
        except OSError as error:
            print("a greeting is lost:", error)


class Server(socketserver.ThreadingUDPServer):
    max_packet_size = 65535


Server(("127.0.0.1", int(sys.argv[1])), Greeter).serve_forever()
