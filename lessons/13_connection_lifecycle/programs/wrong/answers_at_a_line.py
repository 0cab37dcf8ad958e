"""Caught by a_question_ends_with_its_stream: OnlyTheCloseEnds.

The server takes a line break for the end of the question.
"""

import socketserver
import sys


class Capitals(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


socketserver.TCPServer.allow_reuse_address = True
with socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), Capitals) as server:
    server.serve_forever()
