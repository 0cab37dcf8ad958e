"""The notes' server phone: row 2, one call, one recv, one answer."""

import socket
import sys

phone = socket.socket()
phone.bind(("127.0.0.1", int(sys.argv[1])))
phone.listen(5)
conn, address = phone.accept()
print("a call from", address)
words = conn.recv(1024)
conn.send(words.upper())
conn.close()
phone.close()
