"""Right as server chat: one client after another, each with its own file objects."""

import hmac
import os
import socketserver
import sys

KEY = b"henry"


class Handler(socketserver.StreamRequestHandler):
    timeout = 1

    def handle(self):
        challenge = os.urandom(32)
        self.wfile.write(challenge)
        answer = self.rfile.read(16)
        if not hmac.compare_digest(answer, hmac.digest(KEY, challenge, "md5")):
            return
        self.connection.settimeout(None)
        while data := self.rfile.read1(1024):
            self.wfile.write(data.upper())


class Server(socketserver.TCPServer):
    allow_reuse_address = True


with Server(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    server.serve_forever()
