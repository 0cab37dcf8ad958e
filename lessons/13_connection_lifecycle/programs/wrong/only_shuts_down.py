"""Caught by a_connection_leaves_no_descriptor: DescriptorsLeftBehind.

The client receives the end of the stream, but the list keeps the socket open.
"""

import socket
import sys

served = []
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        served.append(connection)
        try:
            question = connection.makefile("rb").read()
            connection.sendall(question.upper())
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
