"""Caught by the_answer_is_the_16_byte_hmac: NotTheAnswer.

The answer is written in hexadecimal digits.
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
    stream.write(hmac.new(KEY, challenge, "md5").hexdigest().encode())
    stream.flush()
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        stream.write(message)
        stream.flush()
        answer = stream.read(len(message))
        if len(answer) < len(message):
            sys.exit("the server has closed: is the key right?")
        print(answer.decode())
