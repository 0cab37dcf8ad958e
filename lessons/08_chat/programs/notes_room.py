"""The notes' server room: they have none; the usual first attempt, a list and a lock."""

import socket
import sys
import threading

members = {}
lock = threading.Lock()


def tell(line, speaker=None):
    with lock:
        for name, conn in members.items():
            if name != speaker:
                conn.sendall((line + "\n").encode())


def join(conn):
    lines = conn.makefile(encoding="utf-8")
    name = lines.readline().strip()
    with lock:
        members[name] = conn
    tell(f"* {name} has joined")
    for line in lines:
        tell(f"[{name}] {line.strip()}", name)
    with lock:
        del members[name]
    tell(f"* {name} has left")
    conn.close()


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, address = server.accept()
        threading.Thread(target=join, args=(conn,), daemon=True).start()
