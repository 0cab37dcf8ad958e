"""Caught by a_member_that_never_reads_blocks_no_other: OneHoldsTheRoom.

put() waits for room in the queue, with the lock of the room.
"""

import queue
import socket
import sys
import threading
import unicodedata

MAX_LINE = 1024
members = {}
lock = threading.Lock()


def read_line(stream):
    line = stream.readline(MAX_LINE + 1)
    if not line.endswith(b"\n"):
        if len(line) > MAX_LINE:
            raise ValueError("the line is too long")
        return None
    text = line[:-1].removesuffix(b"\r").decode(errors="replace")
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c for c in text)


def tell(line, speaker=None):
    with lock:
        for name, (_, lines) in list(members.items()):
            if name != speaker:
                lines.put((line + "\n").encode())


def hang_up(conn):
    try:
        conn.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def send(conn, lines):
    try:
        while line := lines.get():
            conn.sendall(line)
    except OSError:
        pass
    hang_up(conn)


def join(conn):
    with conn:
        try:
            stay(conn, conn.makefile("rb"))
        except (OSError, ValueError) as error:
            print("failed:", error)


def stay(conn, stream):
    name = read_line(stream)
    if name is None:
        return
    lines = queue.Queue(64)
    with lock:
        is_allowed = name.isalnum() and len(name) <= 32 and name not in members
        if is_allowed:
            members[name] = conn, lines
    if not is_allowed:
        conn.sendall(b"! this name is not allowed\n")
        return
    sender = threading.Thread(target=send, args=(conn, lines), daemon=True)
    sender.start()
    try:
        tell(f"* {name} has joined")
        while (line := read_line(stream)) is not None:
            tell(f"[{name}] {line}", name)
    finally:
        with lock:
            del members[name]
        tell(f"* {name} has left")
        try:
            lines.put_nowait(None)
        except queue.Full:
            hang_up(conn)
            lines.get()
            lines.put(None)
        sender.join()


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        threading.Thread(target=join, args=(conn,), daemon=True).start()
