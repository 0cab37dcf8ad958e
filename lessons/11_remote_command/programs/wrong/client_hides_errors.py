"""Caught by output_and_errors_are_printed: OutputsMixed.

The client knows output and endings, and drops the errors.
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
            if kind == b"o":
                sys.stdout.buffer.write(data)
                sys.stdout.flush()
            elif kind == b"r":
                print(data.decode(), flush=True)
