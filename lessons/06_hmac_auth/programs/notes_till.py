"""The notes' server till: row 18, orders signed with the salted SHA-1, in place of an HMAC."""

import hashlib
import socket
import sys

SECRET = b"alex_nb"
ORDER = b"to=tom&amount=10"


def sign(order):
    return hashlib.sha1(SECRET + order).hexdigest()


server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    conn, addr = server.accept()
    conn.sendall(f"{sign(ORDER)} {ORDER.hex()}\n".encode())
    while True:
        data = conn.recv(1024).decode()
        if not data:
            break
        signature, order = data.split()
        genuine = sign(bytes.fromhex(order)) == signature
        conn.sendall(b"accepted\n" if genuine else b"refused\n")
