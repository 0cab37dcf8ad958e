"""Caught by a_command_survives_any_segmentation: OneReadIsNotOneMessage.

One `recv` is taken for a whole command.
"""

import contextlib
import hmac
import os
import signal
import socketserver
import struct
import subprocess
import sys

ALLOWED = {"echo": "/bin/echo", "sh": "/bin/sh"}
LIMIT = 2
MOST = 64 * 1024


class Commands(socketserver.StreamRequestHandler):
    timeout = LIMIT

    def handle(self):
        with contextlib.suppress(OSError, ValueError, struct.error):
            challenge = os.urandom(32)
            self.wfile.write(challenge)
            proof = hmac.digest(b"henry", challenge, "md5")
            if hmac.compare_digest(self.rfile.read(16), proof):
                self.session()

    def session(self):
        while (words := self.command()) and words[0] not in ("q", "exit"):
            if words[0] in ALLOWED:
                self.run([ALLOWED[words[0]], *words[1:]])
            else:
                self.piece(b"r", b"no such program is allowed")

    def command(self):
        # Only the proof, and the reading of a reply, must not take too long.
        self.connection.settimeout(None)
        data = self.connection.recv(MOST + 4)
        (length,) = struct.unpack("<i", data[:4])
        if not 0 < length <= MOST:
            raise ValueError("a length outside its limits")
        *words, rest = data[4:].decode().split("\0")
        if rest:
            raise ValueError("the last word has no end")
        self.connection.settimeout(LIMIT)
        return words

    def run(self, words):
        pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, start_new_session=True, **pipes
        )
        try:
            outputs = process.communicate(timeout=LIMIT)
            in_time = True
        except subprocess.TimeoutExpired:
            in_time = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        if not in_time:
            outputs = process.communicate()
        for kind, output in zip((b"o", b"e"), outputs):
            for start in range(0, len(output), MOST):
                self.piece(kind, output[start : start + MOST])
        if not in_time:
            self.piece(b"t", b"")
        else:
            kind = b"s" if process.returncode < 0 else b"x"
            self.piece(kind, struct.pack("<i", abs(process.returncode)))

    def piece(self, kind, data):
        self.wfile.write(kind + struct.pack("<i", len(data)) + data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", int(sys.argv[1])), Commands) as server:
    server.serve_forever()
