"""The notes' server commands: rows 24 and 25, on the wire of the page.

The challenge is that of row 17. One `recv` is a command, a shell runs it, and one
client is served after the other.
"""

import hmac
import os
import socket
import struct
import subprocess
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(5)
while True:
    connection, address = server.accept()
    challenge = os.urandom(32)
    connection.send(challenge)
    if connection.recv(32) != hmac.new(b"henry", challenge, "md5").digest():
        connection.close()
        continue
    while True:
        words = connection.recv(1024)[4:].decode("utf-8").split("\0")
        command = " ".join(words).strip()
        if command in ("q", "exit"):
            break
        process = subprocess.Popen(
            command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        output = process.stdout.read()
        if not output:
            output = "no output!".encode("utf-8")
        connection.send(b"o" + struct.pack("i", len(output)) + output)
        connection.send(b"x" + struct.pack("ii", 4, 0))
    connection.close()
