"""The notes' server echo: row 3, one datagram of at most 1024 bytes, then the end."""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
data, address = server.recvfrom(1024)
print(data.decode(), address)
server.sendto(data, address)
server.close()
