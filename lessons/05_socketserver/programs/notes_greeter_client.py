"""The notes' client greeter: row 14, one recv for each answer; here the names are typed."""

import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", int(sys.argv[1])))
print(s.recv(1024).decode("utf-8"))
for line in sys.stdin:
    s.send(line.strip().encode("utf-8"))
    print(s.recv(1024).decode("utf-8"))
s.send(b"exit")
s.close()
