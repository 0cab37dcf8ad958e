"""Right as server reads: with socketserver, and a decoder for half characters."""

import codecs
import socketserver
import sys


class Reader(socketserver.BaseRequestHandler):
    def handle(self):
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        try:
            while piece := self.request.recv(1024):
                print(decoder.decode(piece))
        except OSError as error:
            print("failed:", error)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Reader).serve_forever()
