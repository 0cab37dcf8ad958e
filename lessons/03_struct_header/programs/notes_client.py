"""The notes' client messages: row 10, a header and a message for each line."""

import socket
import struct
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    message = input().encode()
    client.send(struct.pack("i", len(message)))
    client.send(message)
