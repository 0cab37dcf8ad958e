"""The notes' server capitals: rows 29 and 31.

The notes explain how a connection ends, and show no program for it. This one closes as
all their programs do.
"""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    connection, address = server.accept()
    question = connection.recv(1024)
    connection.send(question.decode("utf-8").upper().encode("utf-8"))
    connection.close()
