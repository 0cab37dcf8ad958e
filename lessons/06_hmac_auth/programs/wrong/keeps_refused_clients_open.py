"""Caught by a_wrong_answer_is_refused: WaitsForTheImpostor.

The sockets are kept in a list, so nothing closes the one of a client that is refused.
"""

import hmac
import os
import socket
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
    challenge = os.urandom(32)
    conn.sendall(challenge)
    return hmac.compare_digest(hmac.digest(KEY, challenge, "md5"), exactly(conn, 16))


def serve(conn):
    try:
        if proves(conn):
            conn.settimeout(None)
            while data := conn.recv(1024):
                conn.sendall(data.upper())
            conn.close()
    except (OSError, EOFError) as error:
        conn.close()
        print("failed:", error)


clients = []
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        clients.append(conn)
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
