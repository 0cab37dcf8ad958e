"""Caught by a_message_above_the_limit_is_not_sent: SendsWhatIsRefused.

The size of a message that every receiver refuses is sent.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        if not server.recv(1024):
            sys.exit("the server has left")
        server.sendall(message)
