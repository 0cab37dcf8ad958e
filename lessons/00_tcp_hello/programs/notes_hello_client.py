"""The notes' client hello: row 1, one recv, whatever it returns, and the goodbye."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
print(client.recv(1024).decode())
client.send(b"byebye")
client.close()
