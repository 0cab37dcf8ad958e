"""Caught by each_word_of_a_command_ends_with_zero: WordsLoseTheirBorders.

The length is there, and the line is sent as it was typed.
"""

import hmac
import socket
import struct
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    answers = server.makefile("rb")
    server.sendall(hmac.digest(b"henry", answers.read(32), "md5"))
    for line in sys.stdin:
        command = line.strip().encode()
        server.sendall(struct.pack("<i", len(command)) + command)
        answers.read(9)
