"""Caught by a_reply_survives_any_segmentation: OneReadIsNotOneMessage.

One `recv` is taken for a whole piece.
"""

import hmac
import socket
import struct
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    challenge = b""
    while len(challenge) < 32:
        challenge += server.recv(32 - len(challenge))
    server.sendall(hmac.digest(b"henry", challenge, "md5"))
    for line in sys.stdin:
        command = "".join(word + "\0" for word in line.split()).encode()
        server.sendall(struct.pack("<i", len(command)) + command)
        kind = b""
        while kind not in (b"x", b"s", b"t", b"r"):
            kind, length = struct.unpack("<ci", server.recv(5))
            data = server.recv(length) if length else b""
            if kind in (b"o", b"e", b"r"):
                sys.stdout.buffer.write(data + b"\n" * (kind == b"r"))
                sys.stdout.flush()
