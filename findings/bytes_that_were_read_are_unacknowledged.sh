#!/usr/bin/env bash
# On loopback the kernel may acknowledge bytes 40 ms after the peer's program has read them.
#
# Expected: on loopback a sent byte is in the peer's receive buffer when send(2) returns. As soon as the peer's program
# has read everything, nothing is outstanding: SIOCOUTQ of the sender (tcp(7)) is 0.
# Seen (Linux 6.18): after 5,000 bytes that were read at once, SIOCOUTQ stays at 5,000 for some 40 ms: they are part of
# a segment, and reading them does not end the delay of their acknowledgement (RFC 1122, 4.2.3.2) on a connection
# on which both sides have sent. After 20,000 bytes it is 0 at once. So an empty send queue is more than "the peer has
# read everything", and a program that polls for it loses 40 ms per message.
#
# Needs Linux and python3. Exits with 1 if the kernel does something else.
set -euo pipefail

uname -sr
python3 - <<'PYTHON'
import fcntl, socket, statistics, struct, sys, time

SIOCOUTQ = 0x5411


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


def milliseconds_after_the_read(length):
    """How long bytes stay unacknowledged after all of them were read: the median of nine connections."""
    times = []
    for _ in range(9):
        sender, receiver = connected()
        with sender, receiver:
            sender.sendall(bytes(length))
            assert len(receiver.recv(length, socket.MSG_WAITALL)) == length
            began = time.monotonic()
            while struct.unpack("i", fcntl.ioctl(sender, SIOCOUTQ, bytes(4)))[0] > 0:
                time.sleep(0.0005)
            times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)


few, many = milliseconds_after_the_read(5_000), milliseconds_after_the_read(20_000)
print(f"5,000 bytes are acknowledged {few:.1f} ms after they were read, 20,000 bytes after {many:.1f} ms")
sys.exit(0 if few > 20 and many < 10 else 1)
PYTHON
