"""The notes' client two-sends: row 7, two sends in a row."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
client.send(b"hello")
client.send(b"world")
client.close()
