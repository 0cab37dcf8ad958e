"""Lesson 11's remote command: a challenge, words with a zero byte behind each, pieces with their kind."""

import hmac
import os
import struct
import subprocess
import sys

from peer import connect, listen, main, read_exactly, typed

KEY = b"henry"
ALLOWED = {b"echo": "/bin/echo", b"ls": "/bin/ls"}


def piece(kind, data):
    return kind + struct.pack("<i", len(data)) + data


def serve(stream):
    challenge = os.urandom(32)
    stream.sendall(challenge)
    answer = read_exactly(stream, 16)
    if not hmac.compare_digest(answer, hmac.new(KEY, challenge, "md5").digest()):
        return
    while header := stream.recv(4):
        header += read_exactly(stream, 4 - len(header))
        (length,) = struct.unpack("<i", header)
        words = read_exactly(stream, length).split(b"\0")[:-1]
        program = ALLOWED.get(words[0])
        if program is None:
            stream.sendall(piece(b"r", b"no program of this name is allowed"))
            continue
        done = subprocess.run([program, *words[1:]], stdin=subprocess.DEVNULL, capture_output=True)
        stream.sendall(piece(b"o", done.stdout) + piece(b"e", done.stderr))
        kind, number = (b"x", done.returncode) if done.returncode >= 0 else (b"s", -done.returncode)
        stream.sendall(piece(kind, struct.pack("<i", number)))


def ask(stream):
    challenge = read_exactly(stream, 32)
    stream.sendall(hmac.new(KEY, challenge, "md5").digest())
    for line in typed():
        words = b"".join(word + b"\0" for word in line.split())
        stream.sendall(struct.pack("<i", len(words)) + words)
        while True:
            kind, length = struct.unpack("<ci", read_exactly(stream, 5))
            data = read_exactly(stream, length)
            if kind == b"o":
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            elif kind == b"r":
                print("refused:", data.decode(), flush=True)
            if kind in b"xstr":
                break


main(lambda: listen(serve), lambda port: connect(port, ask))
