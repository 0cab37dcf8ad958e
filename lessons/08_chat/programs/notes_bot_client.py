"""The notes' client bot: row 15, one recv for each answer."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
print(str(client.recv(1024), encoding="utf-8"))
while True:
    message = input(">>> ")
    client.sendall(bytes(message, encoding="utf-8"))
    if message == "q":
        break
    print(str(client.recv(1024), encoding="utf-8"))
client.close()
