"""Right as client commands: writes every piece as it comes."""

import hmac
import socket
import struct
import sys


def read_exactly(length):
    data = answers.read(length)
    if len(data) < length:
        sys.exit("the server has closed the connection inside a reply")
    return data


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    answers = server.makefile("rb")
    server.sendall(hmac.digest(b"henry", read_exactly(32), "md5"))
    for line in sys.stdin:
        words = line.split()
        if words and words[0] in ("q", "exit"):
            break
        command = "".join(word + "\0" for word in words).encode()
        server.sendall(struct.pack("<i", len(command)) + command)
        kind = b""
        while kind not in (b"x", b"s", b"t", b"r"):
            kind, length = struct.unpack("<ci", read_exactly(5))
            data = read_exactly(length)
            if kind in (b"o", b"e"):
                output = sys.stdout if kind == b"o" else sys.stderr
                output.buffer.write(data)
                output.flush()
            elif kind == b"r":
                print("refused:", data.decode())
    answers.close()
