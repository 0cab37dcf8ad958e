"""Right as server messages: with socketserver, whose files read until all has come."""

import socketserver
import struct
import sys

MAX_MESSAGE = 16 * 1024 * 1024


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while header := self.rfile.read(4):
                (length,) = struct.unpack("<i", header)
                if not 0 <= length <= MAX_MESSAGE:
                    return
                message = self.rfile.read(length)
                if len(message) < length:
                    return
                print(message.decode(errors="replace"))
        except (OSError, struct.error) as error:
            print("failed:", error)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
