"""Right as client phone: the line break travels, too, and ends the answer."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    wire = server.makefile("rw", encoding="utf-8", errors="replace", newline="\n")
    for line in sys.stdin:
        wire.write(line)
        wire.flush()
        answer = wire.readline()
        if not answer.endswith("\n"):
            sys.exit("the server has closed")
        print(answer, end="")
