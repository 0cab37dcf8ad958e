"""The notes' server upload: row 21, one recv for each part, and a name that is trusted."""

import json
import pathlib
import socket
import struct
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
conn, _ = server.accept()
length = struct.unpack("i", conn.recv(4))[0]
header = json.loads(conn.recv(length).decode("utf-8"))
remaining = header["length"]
with open(pathlib.Path(sys.argv[2]) / header["name"], "wb") as file:
    while remaining:
        content = conn.recv(1024)
        file.write(content)
        remaining -= len(content)
conn.close()
server.close()
