"""Caught by a_late_reader_gets_the_whole_answer: PartialWriteIgnored.

With a timeout the socket is nonblocking underneath, and `send` takes what fits.
"""

import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection:
            connection.settimeout(60)
            question = b""
            while data := connection.recv(4096):
                question += data
            connection.send(question.upper())
