"""Right as server phone: with socketserver, a thread for each caller."""

import socketserver
import sys


class Phone(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while words := self.request.recv(1024):
                self.request.sendall(words.upper())
        except OSError as error:
            print("a call failed:", error)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Phone).serve_forever()
