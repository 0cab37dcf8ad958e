"""Caught by a_challenge_in_pieces_is_read_whole: OneReadIsNotOneMessage.

One recv(32) is taken for the whole challenge.
"""

import hmac
import socket
import sys

KEY = b"henry"

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    stream = server.makefile("rwb")
    challenge = server.recv(32)
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
