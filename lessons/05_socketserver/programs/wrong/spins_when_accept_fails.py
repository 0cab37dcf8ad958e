"""Caught by the_server_survives_running_out_of_descriptors: SpinsWithoutDescriptors.

socketserver ignores an error of accept and tries again at once.
"""

import socketserver
import sys


class Greeter(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"Welcome!")
        while (name := self.request.recv(1024)) not in (b"", b"exit"):
            self.request.sendall(b"Hello, " + name + b"!")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Greeter).serve_forever()
