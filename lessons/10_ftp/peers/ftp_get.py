"""Row 23 of the notes: `get <name>`, the size, an acknowledgement, then content and MD5."""

import hashlib
import pathlib

from peer import connect, listen, main, read_exactly, say, typed


def give(stream):
    while request := stream.recv(1024):
        word, name = request.decode().split(" ", 1)
        assert word == "get", request
        content = pathlib.Path(name).read_bytes()
        stream.sendall(str(len(content)).encode())
        stream.recv(1024)
        stream.sendall(content + hashlib.md5(content).hexdigest().encode())


def take(stream):
    for line in typed():
        name = line.decode()
        stream.sendall(b"get " + line)
        size = int(stream.recv(1024))
        stream.sendall("可以发送".encode())
        content = read_exactly(stream, size)
        assert read_exactly(stream, 32).decode() == hashlib.md5(content).hexdigest()
        pathlib.Path(f"{name}.new").write_bytes(content)
        say(f"saved ./{name}.new, and its MD5 is right")


main(lambda: listen(give), lambda port: connect(port, take))
