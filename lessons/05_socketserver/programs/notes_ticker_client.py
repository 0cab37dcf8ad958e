"""The notes' client ticker: row 13, one recv after another."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    print(client.recv(1024))
