"""Caught by a_reset_during_the_answer_is_an_error: ResetIsNoEnd.

An error ends the loop as the end of the stream does.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(sys.stdin.buffer.read())
    server.shutdown(socket.SHUT_WR)
    try:
        while data := server.recv(4096):
            sys.stdout.buffer.write(data)
    except OSError:
        pass
