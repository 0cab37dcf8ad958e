"""Caught by clients_wait_in_the_backlog_without_free_descriptors: SpinsWithoutDescriptors.

socketserver ignores that accept failed. The client still waits, so it tries again at
once, for ever.
"""

import socketserver
import sys


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(65536):
                self.request.sendall(data.upper())
        except OSError as error:
            print("failed:", error)


class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
