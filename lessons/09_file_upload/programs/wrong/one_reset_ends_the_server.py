"""Caught by the_next_post_is_served: OneClientEndsTheServer.

Only an early end is expected, and a reset is another error.
"""

import os
import pathlib
import re
import socket
import sys
import tempfile

FOLDER = pathlib.Path(sys.argv[2])
HEADER = re.compile(r"post\|([0-9]+)\|(.*)", re.DOTALL)
FORBIDDEN = re.compile(r"[/\\:\x00-\x1f\x7f-\x9f]")
DEVICE = re.compile(r"(con|prn|aux|nul|con(in|out)\$|(com|lpt)[1-9¹²³]) *(\..*)?", re.I)


def parse(header):
    match = HEADER.fullmatch(header.decode("utf-8"))
    if not match or int(match[1]) >= 2**64:
        raise ValueError("no text header")
    name = match[2]
    if not 1 <= len(name.encode()) <= 255 or FORBIDDEN.search(name):
        raise ValueError("no file name")
    if name[-1] in ". " or DEVICE.fullmatch(name):
        raise ValueError("a name that Windows would change")
    return name, int(match[1])


def save(conn, name, size):
    descriptor, temporary = tempfile.mkstemp(dir=FOLDER)
    try:
        with open(descriptor, "wb") as file:
            while size and (piece := conn.recv(min(size, 65536))):
                file.write(piece)
                size -= len(piece)
        if size:
            raise EOFError(f"{size} bytes are missing")
        os.link(temporary, FOLDER / name)
    finally:
        os.unlink(temporary)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, address = server.accept()
        with conn:
            try:
                save(conn, *parse(conn.recv(65536)))
            except (EOFError, FileExistsError, ValueError) as error:
                print(address, "failed:", error)
