"""Caught by a_server_goes_on_without_free_descriptors: SpinsWithoutDescriptors.

`socketserver` ignores an error of `accept` and asks again at once, as long as the
client is in the backlog.
"""

import socketserver
import sys


class Upper(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(4096):
                self.request.sendall(data.upper())
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", int(sys.argv[1])), Upper) as server:
    server.serve_forever()
