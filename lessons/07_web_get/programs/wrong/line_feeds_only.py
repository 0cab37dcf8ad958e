"""Caught by a_request_is_three_lines_and_an_empty_one: NotTheRequest.

The lines of the request end with LF alone, as in a file.
"""

import pathlib
import re
import socket
import sys

MAX_HEAD = 64 * 1024
PIECE = 64 * 1024


def read_line(stream, most=MAX_HEAD):
    """Read a line up to its CR LF: an LF alone does not end it."""
    line = b""
    while not line.endswith(b"\r\n"):
        part = stream.readline(most - len(line))
        if not part:
            raise ValueError("no line end")
        line += part
    return line


def read_head(stream):
    head = [read_line(stream)]
    if not re.match(rb"HTTP/1\.[01] [0-9]{3}( |\r\n\Z)", head[0]):
        raise ValueError("no status line")
    while head[-1] != b"\r\n":
        head.append(read_line(stream, MAX_HEAD - sum(map(len, head))))
    return [line[:-2] for line in head[:-1]]


def read_exactly(stream, count):
    while count > 0:
        part = stream.read(min(count, PIECE))
        if not part:
            raise EOFError("the stream ended inside the page")
        yield part
        count -= len(part)


def read_chunks(stream):
    while True:
        size, _, _ = read_line(stream)[:-2].partition(b";")
        if not re.fullmatch(rb" *0*[0-9a-fA-F]{1,16} *", size):
            raise ValueError("no size of a chunk")
        if int(size, 16) == 0:
            return
        yield from read_exactly(stream, int(size, 16))
        for expected in (b"\r", b"\n"):
            if stream.read(1) != expected:
                raise ValueError("no line end after a chunk")


def read_body(stream, lines):
    fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.lower(), []).append(value.strip(b" \t"))
    codings = fields.get(b"transfer-encoding", [])
    lengths = set(fields.get(b"content-length", []))
    if len(codings) == 1 and codings[0].lower() == b"chunked":
        return read_chunks(stream)
    if codings or len(lengths) > 1:
        raise ValueError("nobody knows where this page ends")
    for length in lengths:
        if not re.fullmatch(b"[0-9]+", length) or int(length) >= 2**64:
            raise ValueError("no length")
        return read_exactly(stream, int(length))
    return iter(lambda: stream.read(PIECE), b"")


def main(port, folder):
    with socket.create_connection(("127.0.0.1", port)) as conn:
        conn.sendall(b"GET / HTTP/1.1\nHost: kata\nConnection: close\n\n")
        with conn.makefile("rb") as stream:
            lines = read_head(stream)
            for line in lines:
                print(line.decode("latin-1"))
            body = b"".join(read_body(stream, lines))
    if lines[0].split(b" ")[1] == b"200":
        pathlib.Path(folder, "page.html").write_bytes(body)


try:
    main(int(sys.argv[1]), sys.argv[2])
except (EOFError, OSError, ValueError) as error:
    sys.exit(f"failed: {error}")
