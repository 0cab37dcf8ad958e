"""CPython's threading server with the handler of the others: see server.rs for what it prints."""

import os
import socketserver
import sys
import threading
import time


class Upper(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024):
            self.request.sendall(data.upper())


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Upper) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    began = time.process_time_ns()
    for _ in sys.stdin:
        print(time.process_time_ns() - began, flush=True)
    os._exit(0)
