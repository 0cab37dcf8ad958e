"""Caught by outputs_that_a_child_holds_open_are_read: OverTooSoon.

A command counts as over when its process has ended.
"""

import contextlib
import hmac
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

KEY = b"henry"
ALLOWED = {"echo": "/bin/echo", "sh": "/bin/sh"}
LIMIT = 2
MOST = 64 * 1024


def read_exactly(connection, length):
    data = b""
    while len(data) < length:
        more = connection.recv(length - len(data))
        if not more:
            raise EOFError("the stream ended inside a message")
        data += more
    return data


def prove(connection):
    challenge = os.urandom(32)
    connection.sendall(challenge)
    answer = read_exactly(connection, 16)
    return hmac.compare_digest(answer, hmac.digest(KEY, challenge, "md5"))


def read_command(connection):
    first = connection.recv(1)
    if not first:
        return None
    (length,) = struct.unpack("<i", first + read_exactly(connection, 3))
    if not 0 < length <= MOST:
        raise ValueError("a length outside its limits")
    text = read_exactly(connection, length).decode()
    if not text.endswith("\0"):
        raise ValueError("the last word has no end")
    return text[:-1].split("\0")


def send_piece(connection, kind, data):
    connection.sendall(kind + struct.pack("<i", len(data)) + data)


def run(connection, words):
    program = ALLOWED.get(words[0])
    if program is None:
        return send_piece(connection, b"r", b"no such program is allowed")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # A session of its own is a process group of its own.
    process = subprocess.Popen(
        [program, *words[1:]], stdin=subprocess.DEVNULL, start_new_session=True, **pipes
    )
    with process.stdout, process.stderr:
        try:
            in_time = send_output(connection, process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
    if not in_time:
        send_piece(connection, b"t", b"")
    elif status < 0:
        send_piece(connection, b"s", struct.pack("<i", -status))
    else:
        send_piece(connection, b"x", struct.pack("<i", status))


def send_output(connection, process):
    """Return whether the process and its outputs have ended before the time limit."""
    deadline = time.monotonic() + LIMIT
    ends = os.pidfd_open(process.pid)
    with selectors.DefaultSelector() as selector:
        selector.register(ends, selectors.EVENT_READ, None)
        selector.register(process.stdout, selectors.EVENT_READ, b"o")
        selector.register(process.stderr, selectors.EVENT_READ, b"e")
        try:
            while selector.get_map():
                left = deadline - time.monotonic()
                ready = selector.select(left) if left > 0 else []
                if not ready:
                    return False
                for key, _ in ready:
                    data = key.data and os.read(key.fd, 4096)
                    if data:
                        send_piece(connection, key.data, data)
                    else:
                        selector.unregister(key.fileobj)
                if any(key.data is None for key, _ in ready):
                    return True
        finally:
            os.close(ends)
    return True


def serve(connection):
    with connection:
        try:
            # Before the proof, and while a reply is sent, silence has a limit.
            connection.settimeout(LIMIT)
            if not prove(connection):
                return
            connection.settimeout(None)
            while (words := read_command(connection)) and words[0] not in ("q", "exit"):
                connection.settimeout(LIMIT)
                run(connection, words)
                connection.settimeout(None)
        except (OSError, EOFError, ValueError) as error:
            print("the session has ended:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=[connection], daemon=True).start()
