"""The notes' server greeter: row 4, a thread for each datagram, of 1024 bytes."""

import socket
import sys
import threading


def greet(data, address):
    print("received from", address)
    server.sendto(b"Hello, %s!" % data, address)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    data, address = server.recvfrom(1024)
    threading.Thread(target=greet, args=(data, address)).start()
