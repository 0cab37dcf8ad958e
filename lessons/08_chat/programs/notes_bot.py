"""The notes' server bot: row 15, which decodes each recv, and spins when its client has left."""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    conn, addr = server.accept()
    conn.sendall(bytes("欢迎致电babyshen", encoding="utf-8"))
    while True:
        message = str(conn.recv(1024), encoding="utf-8")
        if message == "q":
            break
        conn.sendall(bytes(message + "好", encoding="utf-8"))
    conn.close()
