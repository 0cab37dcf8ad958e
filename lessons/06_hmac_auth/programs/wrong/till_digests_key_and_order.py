"""Caught by a_forged_signature_is_refused: ForgedByExtension.

SHA-256 is newer than the SHA-1 of the notes, and is extended in the same way.
"""

import hashlib
import hmac
import socketserver
import sys

KEY = b"alex_nb"
ORDER = b"to=tom&amount=10"


def sign(order):
    return hashlib.sha256(KEY + order).hexdigest().encode()


def is_genuine(line):
    signature, _, order = line.rstrip(b"\n").partition(b" ")
    try:
        return hmac.compare_digest(sign(bytes.fromhex(order.decode())), signature)
    except ValueError:
        return False


class Till(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"%s %s\n" % (sign(ORDER), ORDER.hex().encode()))
        for line in self.rfile:
            self.wfile.write(b"accepted\n" if is_genuine(line) else b"refused\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Till).serve_forever()
