#!/usr/bin/env bash
# A peek at one byte makes the kernel acknowledge everything that has arrived.
#
# Expected: recv(2) with MSG_PEEK looks at bytes without taking them, and the peer cannot tell.
# Seen (Linux 6.18): 20,000 bytes that no program reads are acknowledged after some 40 ms (delayed acknowledgement, RFC
# 1122, 4.2.3.2). A peek at the first of them has all 20,000 acknowledged at once. So a monitor that peeks changes
# what it watches: a sender whose send buffer was full can go on sooner, though its peer has read nothing.
#
# Needs Linux and python3. Exits with 1 if the kernel does something else.
set -euo pipefail

uname -sr
python3 - <<'PYTHON'
import fcntl, socket, statistics, struct, sys, time

SIOCOUTQ = 0x5411
LENGTH = 20_000


def connected():
    """A connection that has left the quick acknowledgements of its first segments behind."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = socket.create_connection(listener.getsockname())
        other, _ = listener.accept()
    for end in one, other:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(20):
        one.sendall(b"?"), other.recv(1), other.sendall(b"!"), one.recv(1)
    return one, other


def milliseconds_until_acknowledged(peeks):
    """How long bytes stay unacknowledged that are not read: the median of nine connections."""
    times = []
    for _ in range(9):
        sender, receiver = connected()
        with sender, receiver:
            sender.sendall(bytes(LENGTH))
            began = time.monotonic()
            if peeks:
                receiver.recv(1, socket.MSG_PEEK)
            while struct.unpack("i", fcntl.ioctl(sender, SIOCOUTQ, bytes(4)))[0] > 0:
                time.sleep(0.0005)
            times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)


alone, peeked = milliseconds_until_acknowledged(False), milliseconds_until_acknowledged(True)
print(f"{LENGTH} bytes are acknowledged after {alone:.1f} ms; if one of them is peeked at, after {peeked:.1f} ms")
sys.exit(0 if alone > 20 and peeked < 10 else 1)
PYTHON
