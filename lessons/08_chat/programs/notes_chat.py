"""The notes' server chat: row 16, in which each side waits for its turn."""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
conn, addr = server.accept()
while True:
    print(conn.recv(1024).decode("utf-8"))
    message = input(">>> ")
    if message == "exit":
        break
    conn.send(message.encode("utf-8"))
conn.close()
