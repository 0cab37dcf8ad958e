"""Right as client upload: in pieces, and never more than was announced."""

import json
import os
import re
import socket
import struct
import sys

DEVICE = re.compile(r"(con|prn|aux|nul|con(in|out)\$|(com|lpt)[1-9¹²³]) *(\..*)?", re.I)
FORBIDDEN = re.compile(r"[/\\:\x00-\x1f\x7f-\x9f]|[. ]\Z")


def is_plain(name):
    is_short = 1 <= len(name.encode()) <= 255
    return is_short and not FORBIDDEN.search(name) and not DEVICE.fullmatch(name)


def send(server, file, name):
    length = os.fstat(file.fileno()).st_size
    header = json.dumps({"name": name, "length": length}).encode()
    server.sendall(struct.pack("<i", len(header)) + header)
    while length > 0:
        piece = file.read(min(length, 64 * 1024))
        if not piece:
            sys.exit(f"{name} has become shorter")
        server.sendall(piece)
        length -= len(piece)


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        name = line.rstrip("\n")
        if is_plain(name):
            with open(os.path.join(sys.argv[2], name), "rb") as file:
                send(server, file, name)
        else:
            print("refused:", name)
