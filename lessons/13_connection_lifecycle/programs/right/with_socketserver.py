"""Right as server capitals: with socketserver, which closes in order itself."""

import socketserver
import sys


class Capitals(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.wfile.write(self.rfile.read().upper())
        except OSError as error:
            print("the client is gone:", error)

    def finish(self):
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", int(sys.argv[1])), Capitals) as server:
    server.serve_forever()
