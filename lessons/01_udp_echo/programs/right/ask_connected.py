"""Right as client ask: a connected socket per question; the kernel drops strangers."""

import select
import socket
import sys
import time


def ask(question):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", int(sys.argv[1])))
        for _ in range(3):
            deadline = time.monotonic() + 1
            try:
                client.send(question)
            except ConnectionRefusedError:
                client.send(question)
            while (left := deadline - time.monotonic()) > 0:
                if select.select([client], [], [], left)[0]:
                    try:
                        return client.recv(65535)
                    except ConnectionRefusedError:
                        print("no server yet")
    return b"no reply"


for line in sys.stdin:
    print(ask(line.rstrip("\n").encode()).decode(errors="replace"))
