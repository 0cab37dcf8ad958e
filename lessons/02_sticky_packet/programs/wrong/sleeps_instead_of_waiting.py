"""Caught by data_is_sent_only_after_the_acknowledgement: DidNotWaitForAcknowledgement.

Half a second is enough on every network that the author has seen.
"""

import socket
import sys
import time

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        message = line.rstrip("\n").encode()
        server.sendall(b"%d" % len(message))
        time.sleep(0.5)
        server.sendall(message)
