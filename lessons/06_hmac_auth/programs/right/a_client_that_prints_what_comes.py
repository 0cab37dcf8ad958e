"""Right as client chat: a thread sends, and the answers are printed as they come, without line ends."""

import hmac
import os
import socket
import sys
import threading

KEY = b"henry"


def send_lines(server):
    for line in sys.stdin:
        server.sendall(line.rstrip("\n").encode())
    server.shutdown(socket.SHUT_WR)


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    challenge = server.recv(32, socket.MSG_WAITALL)
    if len(challenge) < 32:
        sys.exit("the challenge is cut")
    server.sendall(hmac.digest(KEY, challenge, "md5"))
    threading.Thread(target=send_lines, args=(server,), daemon=True).start()
    while answer := server.recv(2048):
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
os._exit(0)
