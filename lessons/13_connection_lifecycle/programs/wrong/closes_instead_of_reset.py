"""Caught by the_first_byte_is_answered_with_a_reset: CloseIsNoReset.

`close` after all was read sends the end of the stream.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                connection.recv(1)
            except OSError:
                pass
