"""The notes' client acknowledged: row 9, the length of the text, a recv, the text."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    message = line.rstrip("\n")
    client.send(str(len(message)).encode())
    client.recv(1024)
    client.send(message.encode())
client.close()
