"""Caught by the_client_ends_with_its_input: LineHeldOpen.

A thread waits for what the server sends, and keeps the program alive.
"""

import hmac
import socket
import sys
import threading

KEY = b"henry"


def show(stream):
    while data := stream.read1(1024):
        print(data.decode())


server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
stream = server.makefile("rb")
server.sendall(hmac.digest(KEY, stream.read(32), "md5"))
threading.Thread(target=show, args=(stream,)).start()
for line in sys.stdin:
    server.sendall(line.encode())
