#!/usr/bin/env bash
# Without a free descriptor accept fails, even if there is nothing to accept.
#
# Expected: a nonblocking accept on an empty backlog fails with EAGAIN, and EMFILE comes when a client is there and gets
# no descriptor. So a server that has just given its last descriptor to a client learns about it with the next client.
# Seen (Linux 6.18): the kernel takes a descriptor first and looks for a client then, so the call fails with EMFILE
# while no client waits. A server that ends at this error is gone before the client comes that should have caused it,
# and whether that client is reset or refused depends on who was faster.
#
# Needs Linux and python3. Exits with 1 if the kernel does something else.
set -euo pipefail

uname -sr
python3 - <<'PYTHON'
import errno, os, resource, socket, sys

listener = socket.create_server(("127.0.0.1", 0))
listener.setblocking(False)


def outcome():
    try:
        listener.accept()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "a client"


free = outcome()
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
# The limit is one above the largest number that is in use.
lowest_free = os.dup(listener.fileno())
os.close(lowest_free)
resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
full = outcome()
print(f"no client, a free descriptor: {free}\nno client, no descriptor:     {full}")
sys.exit(0 if (free, full) == ("EAGAIN", "EMFILE") else 1)
PYTHON
