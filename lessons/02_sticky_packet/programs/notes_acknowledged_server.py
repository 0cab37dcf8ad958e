"""The notes' server acknowledged: row 9, one recv for the size and one for the data."""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
conn, address = server.accept()
while True:
    size = int(conn.recv(1024).decode())
    conn.send(b"ok")
    print(conn.recv(size).decode())
