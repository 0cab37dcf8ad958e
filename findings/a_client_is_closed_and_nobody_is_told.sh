#!/usr/bin/env bash
# A server in Node.js without a free descriptor accepts a client, closes it, and emits nothing.
#
# Expected: without a descriptor accept(2) fails with EMFILE, so the client waits in the backlog until there is one, as
# with a server that calls accept by itself; or the server emits `error`, or `drop` as with `maxConnections`.
# Seen (Node.js 22.12.0 with libuv 1.49.1, Linux 6.18): libuv keeps one descriptor in reserve. It closes that, accepts the client with it,
# closes the client, and opens the reserve again. The client is connected and reads the end of the stream at once; the server emits
# no `connection`, no `drop` and no `error`, so neither its log nor its counters show the client.
#
# Needs Linux, python3 and npm. Exits with 1 if Node.js does something else.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit node@22.12.0
node=$PWD/node_modules/node/bin/node

cat >server.mjs <<'NODE'
import net from "node:net";

const server = net.createServer();
for (const event of ["connection", "drop", "error"]) server.on(event, () => console.log(event));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
NODE

"$node" -p '"Node.js " + process.versions.node + ", libuv " + process.versions.uv'
uname -sr
python3 - "$node" <<'PYTHON'
import os, resource, socket, subprocess, sys

server = subprocess.Popen([sys.argv[1], "server.mjs"], stdout=subprocess.PIPE, text=True)
address = ("127.0.0.1", int(server.stdout.readline()))


def limit(descriptors):
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (min(descriptors, hard), hard))


# The first client brings the server to the state in which it waits for others.
first = socket.create_connection(address)
assert server.stdout.readline() == "connection\n"

used = {int(name) for name in os.listdir(f"/proc/{server.pid}/fd")}
limit(next(number for number in range(len(used) + 1) if number not in used))
second = socket.create_connection(address)
second.settimeout(10)
try:
    seen = "the end of the stream" if second.recv(1) == b"" else "a byte"
except OSError as error:
    seen = type(error).__name__
print("the second client reads:", seen)

# What was emitted for it comes before the third client's event.
limit(2**20)
third = socket.create_connection(address)
emitted = [server.stdout.readline().strip()]
third.close()
server.terminate()
emitted += server.stdout.read().split()
print("events after the first client:", *emitted)
sys.exit(0 if (seen, emitted) == ("the end of the stream", ["connection"]) else 1)
PYTHON
