"""Caught by half_a_character_is_not_an_error: HalfACharacter.

What one recv returns is decoded by itself, and may end inside a character.
"""

import socket
import sys
import threading
import time


def serve(client):
    with client:
        try:
            while data := client.recv(65536):
                client.sendall(data.decode().upper().encode())
        except (OSError, UnicodeError) as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128) as server:
    while True:
        try:
            client, _ = server.accept()
        except OSError as error:
            print("cannot accept:", error)
            time.sleep(0.1)
            continue
        threading.Thread(target=serve, args=[client], daemon=True).start()
