"""Caught by a_truncated_answer_proves_nothing: LengthsNotCompared.

zip ends with the shorter of its two, so the beginning of an answer is enough.
"""

import hmac
import os
import socket
import sys
import threading

KEY = b"henry"
TIMEOUT = 1


def proves(conn):
    conn.settimeout(TIMEOUT)
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = hmac.digest(KEY, challenge, "md5")
    return all(a == b for a, b in zip(right, conn.recv(16)))


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
