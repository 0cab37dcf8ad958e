#!/usr/bin/env bash
# After a reset only the first call fails; the next read returns 0, as after an orderly close.
#
# Expected: a connection that was reset stays broken, so each read of it fails with ECONNRESET.
# Seen (Linux 6.18): the error is kept once per socket and given to whichever call comes first: a read, a write, or
# getsockopt(2) with SO_ERROR, as an event loop or a log line asks for it. After that read(2) returns 0. So a reader
# that retries after an error, or that runs beside other code that asks for the error, takes a truncated stream for a
# whole one.
#
# Needs Linux and python3. Exits with 1 if the kernel does something else.
set -euo pipefail

uname -sr
python3 - <<'PYTHON'
import errno, select, socket, struct, sys


def reset_connection():
    """A connection whose peer has sent half a message and then reset it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        peer, _ = listener.accept()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    poll = select.poll()
    poll.register(ours, select.POLLIN)
    poll.poll()
    return ours


def name(call):
    try:
        return repr(call())
    except OSError as error:
        return errno.errorcode[error.errno]


ours = reset_connection()
reads = [name(lambda: ours.recv(10)) for _ in range(3)]
print("three reads after a reset:", *reads)
ours = reset_connection()
asked = [errno.errorcode[ours.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)], name(lambda: ours.recv(10))]
print("SO_ERROR, then a read:    ", *asked)
sys.exit(0 if reads == ["ECONNRESET", "b''", "b''"] and asked == ["ECONNRESET", "b''"] else 1)
PYTHON
