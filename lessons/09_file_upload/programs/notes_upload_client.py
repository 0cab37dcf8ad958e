"""The notes' client upload: row 21, which counts 1024 bytes for every send."""

import json
import os
import socket
import struct
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
name = input("file: ")
path = os.path.join(sys.argv[2], name)
length = os.path.getsize(path)
header = json.dumps({"name": name, "length": length}).encode("utf-8")
client.send(struct.pack("i", len(header)))
client.send(header)
with open(path, "rb") as file:
    while length > 0:
        content = file.read(1024)
        client.send(content)
        length -= 1024
client.close()
