"""The notes' client capitals: rows 29 and 31.

It sends what is typed, takes one `recv` for the answer, and closes.
"""

import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
client.send(sys.stdin.read().encode("utf-8"))
answer = client.recv(1024)
print(answer.decode("utf-8"))
client.close()
