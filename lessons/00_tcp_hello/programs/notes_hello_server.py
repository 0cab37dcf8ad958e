"""The notes' server hello: row 1, one caller, one recv, and the end."""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
conn, address = server.accept()
conn.send(b"hello")
print(conn.recv(1024).decode())
conn.close()
server.close()
