"""Caught by a_challenge_cannot_be_predicted: ChallengeIsPredictable.

The notes speak of a "32-bit string", so the challenge is made of 32 letters.
"""

import hmac
import random
import socket
import string
import sys
import threading

KEY = b"henry"
TIMEOUT = 1


def exactly(conn, count):
    data = b""
    while len(data) < count:
        part = conn.recv(count - len(data))
        if not part:
            raise EOFError("the answer is cut")
        data += part
    return data


def proves(conn):
    conn.settimeout(TIMEOUT)
    letters = random.choices(string.ascii_letters, k=32)
    challenge = "".join(letters).encode()
    conn.sendall(challenge)
    return hmac.compare_digest(hmac.digest(KEY, challenge, "md5"), exactly(conn, 16))


def serve(conn):
    with conn:
        try:
            if proves(conn):
                conn.settimeout(None)
                while data := conn.recv(1024):
                    conn.sendall(data.upper())
        except (OSError, EOFError) as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
