"""The notes' client chat: row 16, in which each side waits for its turn."""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    message = input(">>> ")
    if message == "exit":
        break
    client.send(message.encode("utf-8"))
    print(client.recv(1024).decode("utf-8"))
client.close()
