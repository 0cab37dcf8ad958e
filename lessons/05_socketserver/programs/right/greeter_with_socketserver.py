"""Right as server greeter: with socketserver, which must rest when accept fails."""

import socketserver
import sys
import time


class Greeter(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"Welcome!")
        while (name := self.request.recv(1024)) not in (b"", b"exit"):
            self.request.sendall(b"Hello, " + name + b"!")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def get_request(self):
        try:
            return super().get_request()
        except OSError:
            # Without a free descriptor the listener stays ready: accept fails at once.
            time.sleep(0.05)
            raise


Server(("127.0.0.1", int(sys.argv[1])), Greeter).serve_forever()
