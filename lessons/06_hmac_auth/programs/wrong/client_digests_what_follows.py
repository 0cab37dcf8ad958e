"""Caught by bytes_after_the_challenge_are_not_digested: ReadTooFar.

It reads until there are 32 bytes, and digests those that came with them, too.
"""

import hmac
import socket
import sys

KEY = b"henry"

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    stream = server.makefile("rwb")
    challenge = b""
    while len(challenge) < 32:
        challenge += server.recv(1024) or sys.exit("the challenge is cut")
    stream.write(hmac.digest(KEY, challenge, "md5"))
    stream.flush()
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        stream.write(message)
        stream.flush()
        answer = stream.read(len(message))
        if len(answer) < len(message):
            sys.exit("the server has closed: is the key right?")
        print(answer.decode())
