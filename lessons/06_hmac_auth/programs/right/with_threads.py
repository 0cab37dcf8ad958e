"""Right as server chat: a thread for each client, and a timeout that ends with the proof."""

import hmac
import secrets
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


def serve(conn):
    with conn:
        try:
            conn.settimeout(TIMEOUT)
            challenge = secrets.token_bytes(32)
            conn.sendall(challenge)
            right = hmac.digest(KEY, challenge, "md5")
            if not hmac.compare_digest(right, exactly(conn, 16)):
                return
            conn.settimeout(None)
            while data := conn.recv(1024):
                conn.sendall(data.upper())
        except (OSError, EOFError) as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
