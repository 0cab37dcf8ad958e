"""The notes' server messages: row 10, one recv for the header and one for the message."""

import socket
import struct
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
conn, address = server.accept()
while True:
    length = struct.unpack("i", conn.recv(4))[0]
    print(conn.recv(length).decode())
