"""The notes' client chat: row 17, one recv for the challenge and one for each answer."""

import hmac
import socket
import sys

SECRET = b"henry"

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
msg = client.recv(32)
client.sendall(hmac.new(SECRET, msg, "md5").digest())
while True:
    data = input(">>: ").strip()
    if not data:
        continue
    client.sendall(data.encode())
    print(client.recv(1024).decode())
