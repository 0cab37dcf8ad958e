"""Rows 3 and 4 of the notes over UDP: an echo server, and a client that asks a datagram a line."""

import socket

from peer import HOST, main, say, typed


def serve():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        say(f"listening on {HOST}:{server.getsockname()[1]}")
        while True:
            data, client = server.recvfrom(65535)
            server.sendto(data, client)


def client(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for line in typed():
            asker.sendto(line, (HOST, port))
            reply, _ = asker.recvfrom(65535)
            say(reply.decode())


main(serve, client)
