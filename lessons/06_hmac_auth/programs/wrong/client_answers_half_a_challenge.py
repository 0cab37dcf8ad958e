"""Caught by half_a_challenge_is_not_answered: TruncationLooksComplete.

read() returns less than was asked for at the end of the stream, unnoticed.
"""

import hmac
import socket
import sys

KEY = b"henry"

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    stream = server.makefile("rwb")
    challenge = stream.read(32)
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
