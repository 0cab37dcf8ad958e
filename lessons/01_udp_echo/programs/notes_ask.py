"""The notes' client ask: row 3, one datagram there, and whatever comes back."""

import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    client.sendto(line.rstrip("\n").encode(), ("127.0.0.1", int(sys.argv[1])))
    data, address = client.recvfrom(1024)
    print(data.decode(), address)
client.close()
