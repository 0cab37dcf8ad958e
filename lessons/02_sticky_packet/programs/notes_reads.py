"""The notes' server reads: row 7, each recv as a text, for one client, with no end."""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
conn, address = server.accept()
while True:
    print(conn.recv(1024).decode())
