"""The notes' client phone: row 2, one send and one recv for each line."""

import socket
import sys

phone = socket.socket()
phone.connect(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    phone.send(line.rstrip("\n").encode())
    print(phone.recv(1024).decode())
phone.close()
