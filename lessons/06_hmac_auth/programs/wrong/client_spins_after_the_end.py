"""Caught by a_server_that_closes_ends_the_client: SpinsAtTheEnd.

The thread that shows what comes does not notice that nothing will come any more.
"""

import hmac
import socket
import sys
import threading

KEY = b"henry"


def show(server):
    while True:
        print(server.recv(1024).decode(), end="", flush=True)


server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
challenge = server.makefile("rb", 0).read(32)
server.sendall(hmac.digest(KEY, challenge, "md5"))
threading.Thread(target=show, args=(server,), daemon=True).start()
for line in sys.stdin:
    server.sendall(line.encode())
