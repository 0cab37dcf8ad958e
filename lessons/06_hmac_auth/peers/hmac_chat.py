"""Row 17 of the notes: 32 random bytes, their HMAC-MD5 under a shared key, then a chat in capitals."""

import hmac
import os

from peer import connect, listen, main, read_exactly, say, typed

KEY = b"henry"


def challenge(stream):
    nonce = os.urandom(32)
    stream.sendall(nonce)
    answer = read_exactly(stream, 16)
    if not hmac.compare_digest(answer, hmac.digest(KEY, nonce, "md5")):
        return
    while data := stream.recv(1024):
        stream.sendall(data.upper())


def respond(stream):
    stream.sendall(hmac.digest(KEY, read_exactly(stream, 32), "md5"))
    for line in typed():
        stream.sendall(line)
        say(read_exactly(stream, len(line)).decode())


main(lambda: listen(challenge), lambda port: connect(port, respond))
