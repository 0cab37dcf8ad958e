"""Row 22 of the notes: greeting, size, acknowledgement, content and MD5, then a receipt with the MD5."""

import hashlib
import pathlib

from peer import connect, listen, main, read_exactly, say, typed

GREETING = "欢迎登陆FTP系统".encode()
RECEIPT = b"file MD5(after send):"


def receive(stream):
    folder = pathlib.Path("received")
    folder.mkdir(exist_ok=True)
    stream.sendall(GREETING)
    number = 0
    while size := stream.recv(1024):
        number += 1
        stream.sendall("可以发送".encode())
        content = read_exactly(stream, int(size))
        digest = hashlib.md5(content).hexdigest().encode()
        assert read_exactly(stream, 32) == digest
        path = folder / f"upload-{number}"
        path.write_bytes(content)
        stream.sendall(RECEIPT + digest)
        say(f"saved {path}")


def send(stream):
    read_exactly(stream, len(GREETING))
    for line in typed():
        name = line.decode()
        content = pathlib.Path(name).read_bytes()
        digest = hashlib.md5(content).hexdigest().encode()
        stream.sendall(str(len(content)).encode())
        stream.recv(1024)
        stream.sendall(content + digest)
        assert read_exactly(stream, len(RECEIPT) + 32) == RECEIPT + digest
        say(f"put {name}, {len(content)} bytes, and the server has the same MD5")


main(lambda: listen(receive), lambda port: connect(port, send))
