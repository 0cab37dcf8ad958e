"""Caught by a_challenge_is_answered_with_its_hmac: NotTheAnswer.

The answer is the 16 bytes of the HMAC, and not their 32 hexadecimal digits.
"""

import hmac
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    challenge = server.makefile("rb").read(32)
    digits = hmac.new(b"henry", challenge, "md5").hexdigest()
    server.sendall(digits.encode())
    sys.stdin.read()
