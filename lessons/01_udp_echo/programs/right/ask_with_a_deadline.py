"""Right as client ask: one socket, and a deadline for each of three questions."""

import socket
import sys
import time

SERVER = ("127.0.0.1", int(sys.argv[1]))


def reply_within(client, seconds):
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        client.settimeout(left)
        data, sender = client.recvfrom(65535)
        if sender == SERVER:
            return data
    raise TimeoutError("only strangers have written")


def ask(client, question):
    for _ in range(3):
        client.sendto(question, SERVER)
        try:
            return reply_within(client, 1)
        except socket.timeout:
            print("no reply yet")
    return None


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    for line in sys.stdin:
        reply = ask(client, line.rstrip("\n").encode())
        print("no reply" if reply is None else reply.decode(errors="replace"))
