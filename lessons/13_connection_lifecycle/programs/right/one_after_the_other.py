"""Right as server capitals: one client after the other, and a goodbye with a limit."""

import socket
import sys


def answer(connection):
    question = b""
    while data := connection.recv(65536):
        question += data
    connection.sendall(question.upper())
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(1)
    while connection.recv(4096):
        pass


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, address = server.accept()
        with connection:
            try:
                answer(connection)
            except OSError as error:
                print(address, "did not close in order:", error)
