"""The notes' client upper: row 11, one send and one recv for each line."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    message = input()
    client.send(message.encode())
    print(client.recv(1024).decode())
