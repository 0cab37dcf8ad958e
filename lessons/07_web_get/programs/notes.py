"""The notes' client page: row 5, read to the end, cut at the first blank line, save."""

import pathlib
import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
client.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
parts = []
while True:
    part = client.recv(1024)
    if not part:
        break
    parts.append(part)
client.close()
head, body = b"".join(parts).split(b"\r\n\r\n", 1)
print(head.decode("utf-8"))
with open(pathlib.Path(sys.argv[2]) / "page.html", "wb") as file:
    file.write(body)
