"""Caught by an_empty_question_gets_an_empty_answer: EmptyMessageIsAMessage.

An empty question is skipped, and its connection stays open.
"""

import socket
import sys

waiting = []
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        question = connection.makefile("rb").read()
        if not question:
            waiting.append(connection)
            continue
        connection.sendall(question.upper())
        connection.close()
