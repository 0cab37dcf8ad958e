"""Caught by a_chat_answer_in_pieces_is_one_answer: OneReadIsNotOneMessage.

One recv is taken for the whole answer, on a line of its own.
"""

import hmac
import socket
import sys

KEY = b"henry"

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    stream = server.makefile("rwb")
    challenge = stream.read(32)
    if len(challenge) < 32:
        sys.exit("the challenge is cut")
    stream.write(hmac.digest(KEY, challenge, "md5"))
    stream.flush()
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        stream.write(message)
        stream.flush()
        answer = server.recv(1024)
        if not answer:
            sys.exit("the server has closed: is the key right?")
        print(answer.decode())
