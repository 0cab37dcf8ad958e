"""The notes' server ticker: row 13, which knows one sign of a client that has gone."""

import socketserver
import sys
import time


class MyServer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                self.request.send(b"hello")
                time.sleep(0.5)
            except ConnectionResetError:
                break


server = socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), MyServer)
server.serve_forever()
