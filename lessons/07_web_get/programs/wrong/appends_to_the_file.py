"""Caught by a_saved_file_holds_only_the_body: FileIsNotTheBody.

The file is opened without being emptied, so a longer, older page stays behind the new
one.
"""

import pathlib
import re
import socket
import sys

MAX_HEAD = 64 * 1024
MAX_U64 = 2**64 - 1


class Buffer:
    def __init__(self, conn):
        self.conn = conn
        self.data = bytearray()

    def more(self):
        part = self.conn.recv(64 * 1024)
        if not part:
            raise EOFError("the stream ended inside the page")
        self.data += part

    def take(self, count):
        while len(self.data) < count:
            self.more()
        taken = bytes(self.data[:count])
        del self.data[:count]
        return taken

    def take_up_to(self, end):
        while (at := self.data.find(end, 0, MAX_HEAD)) < 0:
            if len(self.data) >= MAX_HEAD:
                raise ValueError("no line end")
            self.more()
        return self.take(at + len(end))[: -len(end)]

    def take_all(self):
        parts = [bytes(self.data)]
        while part := self.conn.recv(64 * 1024):
            parts.append(part)
        return b"".join(parts)


def number(digits, pattern, base):
    if not re.fullmatch(pattern, digits) or int(digits, base) > MAX_U64:
        raise ValueError(f"no number: {digits}")
    return int(digits, base)


def values(head, name):
    fields = [line.partition(b":") for line in head.split(b"\r\n") if b":" in line]
    return [value.strip(b" \t") for key, _, value in fields if key.lower() == name]


def body_of(stream, head):
    codings = values(head, b"transfer-encoding")
    lengths = set(values(head, b"content-length"))
    if [coding.lower() for coding in codings] == [b"chunked"]:
        return b"".join(chunks(stream))
    if codings:
        raise ValueError("an unknown coding")
    if not lengths:
        return stream.take_all()
    if len(lengths) > 1:
        raise ValueError("lengths that differ")
    return stream.take(number(lengths.pop(), rb"[0-9]+", 10))


def chunks(stream):
    while True:
        line = stream.take_up_to(b"\r\n").partition(b";")[0].strip()
        size = number(line, rb"[0-9A-Fa-f]+", 16)
        if size == 0:
            return
        yield stream.take(size)
        if stream.take(1) != b"\r" or stream.take(1) != b"\n":
            raise ValueError("no line end after a chunk")


def head_of(stream):
    while b"\r\n" not in stream.data and len(stream.data) < MAX_HEAD:
        stream.more()
    if not re.match(rb"HTTP/1\.[01] [0-9]{3}( |\r\n)", stream.data):
        raise ValueError("no status line")
    return stream.take_up_to(b"\r\n\r\n")


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as conn:
    conn.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    stream = Buffer(conn)
    head = head_of(stream)
    body = body_of(stream, head)
print(head.decode(errors="replace"))
if head[9:12] == b"200":
    path = pathlib.Path(sys.argv[2]) / "page.html"
    path.touch()
    with open(path, "rb+") as file:
        file.write(body)
