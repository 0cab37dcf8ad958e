"""The notes' server rude: rows 29 and 31.

"close ends the connection", say the notes. It sends an end, and not a reset.
"""

import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    connection, address = server.accept()
    connection.recv(1)
    connection.close()
