"""Caught by a_transfer_uses_constant_memory: HeldInMemory.

All pieces are joined before they are written.
"""

import json
import os
import pathlib
import socketserver
import struct
import sys
import tempfile
import unicodedata

MAX_HEADER = 4096
PORTS = [port + digit for port in ("COM", "LPT") for digit in "123456789¹²³"]
DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *PORTS}
FOLDER = pathlib.Path(sys.argv[2])


def is_plain(name):
    return (
        1 <= len(name.encode()) <= 255
        and not set(name) & set("/\\:")
        and not any(unicodedata.category(letter) == "Cc" for letter in name)
        and name[-1] not in ". "
        and name.partition(".")[0].rstrip(" ").upper() not in DEVICES
    )


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while start := self.rfile.read(4):
                self.receive(*self.read_header(start))
        except (EOFError, OSError, ValueError, struct.error) as error:
            print("failed:", error)

    def read_header(self, start):
        (count,) = struct.unpack("<i", start)
        if not 0 <= count <= MAX_HEADER:
            raise ValueError("no length of a header")
        header = json.loads(self.rfile.read(count).decode())
        if not isinstance(header, dict):
            raise ValueError("no header")
        name, length = header.get("name"), header.get("length")
        if type(name) is not str or type(length) is not int or length < 0:
            raise ValueError("no name or no length")
        if not is_plain(name):
            raise ValueError("no plain name")
        return name, length

    def receive(self, name, length):
        with tempfile.NamedTemporaryFile(dir=FOLDER) as file:
            content = self.rfile.read(length)
            if len(content) < length:
                raise EOFError("the stream ended inside the content")
            file.write(content)
            file.flush()
            # Unlike a rename, a link never takes a name that exists.
            os.link(file.name, FOLDER / name)
        print("saved", name)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
