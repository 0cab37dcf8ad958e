"""The notes' client commands: rows 24 and 25, on the wire of the page.

The challenge is that of row 17. One `recv` is shown as the whole output.
"""

import hmac
import socket
import struct
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
challenge = client.recv(32)
client.send(hmac.new(b"henry", challenge, "md5").digest())
while True:
    command = input(">>> ").strip()
    words = "".join(word + "\0" for word in command.split()).encode("utf-8")
    client.send(struct.pack("i", len(words)) + words)
    if command in ("q", "exit"):
        break
    reply = client.recv(1024)
    output = reply[5:-9]
    print(output.decode("utf-8"))
client.close()
