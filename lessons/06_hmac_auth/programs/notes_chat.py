"""The notes' server chat: row 17, a challenge and an answer with one recv each, then capitals."""

import hmac
import os
import socket
import sys

SECRET = b"henry"


def proves(conn):
    msg = os.urandom(32)
    conn.sendall(msg)
    digest = hmac.new(SECRET, msg, "md5").digest()
    return conn.recv(32) == digest


def handle(conn):
    if not proves(conn):
        conn.close()
        return
    while True:
        conn.sendall(conn.recv(1024).upper())


server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    conn, addr = server.accept()
    handle(conn)
