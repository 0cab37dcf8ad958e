"""Caught by ticks_are_printed_as_they_come: AnswerNeverCame.

read() returns at the end of the stream, and a ticker has none.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    print(server.makefile("rb").read().decode())
