"""Caught by a_character_in_pieces_is_one_character: PieceIsNotText.

Each piece of the answer is decoded by itself, until there are enough characters.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    for line in sys.stdin:
        words = line.rstrip("\n")
        server.sendall(words.encode())
        answer = ""
        while len(answer) < len(words):
            answer += server.recv(1024).decode()
        print(answer)
