"""The notes' server greeter: row 14, a thread for each client, and names that are text."""

import socket
import sys
import threading


def tcplink(sock, addr):
    sock.send(b"Welcome!")
    while True:
        data = sock.recv(1024)
        if not data or data.decode("utf-8") == "exit":
            break
        sock.send(("Hello, %s!" % data.decode("utf-8")).encode("utf-8"))
    sock.close()


s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(5)
while True:
    sock, addr = s.accept()
    t = threading.Thread(target=tcplink, args=(sock, addr))
    t.start()
