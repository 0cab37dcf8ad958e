"""Row 5 of the notes: three lines and an empty one ask for a page; a head, an empty line and a body come."""

from peer import connect, listen, main, read_to_end, say

PAGE = b"<p>hello</p>\n\r\n\r\n<p>world</p>\n"


def serve(stream):
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        request += stream.recv(1)
    get, host, close = request.decode().removesuffix("\r\n\r\n").split("\r\n")
    if host.startswith("Host: ") and close == "Connection: close":
        say(get)
    stream.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + b"%x\r\n%s\r\n" % (9, PAGE[:9])
        + b"%X;late=1\r\n%s\r\n" % (len(PAGE) - 9, PAGE[9:])
        + b"0\r\n\r\n"
    )


def fetch(stream):
    host, port = stream.getpeername()
    request = f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    stream.sendall(request.encode())
    head, body = read_to_end(stream).split(b"\r\n\r\n", 1)
    for line in head.decode().split("\r\n"):
        say(line)
    if b"\r\nTransfer-Encoding: chunked" in head:
        body = b"".join(chunks(body))
    say(f"\n{len(body)} bytes")


def chunks(body):
    """Yield the chunks of a body, up to the one of size 0."""
    while True:
        line, body = body.split(b"\r\n", 1)
        size = int(line.split(b";")[0], 16)
        if size == 0:
            return
        yield body[:size]
        body = body[size + 2 :]


main(lambda: listen(serve), lambda port: connect(port, fetch))
