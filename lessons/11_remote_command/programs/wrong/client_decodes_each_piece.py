"""Caught by half_a_character_is_not_an_error: BytesAreNotText.

A piece may end in the middle of a character, and its bytes alone are no text.
"""

import hmac
import socket
import struct
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    answers = server.makefile("rb")
    server.sendall(hmac.digest(b"henry", answers.read(32), "md5"))
    for line in sys.stdin:
        command = "".join(word + "\0" for word in line.split()).encode()
        server.sendall(struct.pack("<i", len(command)) + command)
        kind = b""
        while kind not in (b"x", b"s", b"t", b"r"):
            kind, length = struct.unpack("<ci", answers.read(5))
            data = answers.read(length)
            if kind in (b"o", b"e"):
                print(data.decode(), end="", flush=True)
            elif kind == b"r":
                print(data.decode(), flush=True)
