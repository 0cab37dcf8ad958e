"""Row 11 of the notes: a nonblocking server that polls its clients and answers in capitals."""

import socket
import time

from peer import HOST, connect, main, read_exactly, say, typed


def serve():
    with socket.create_server((HOST, 0)) as listener:
        say(f"listening on {HOST}:{listener.getsockname()[1]}")
        listener.setblocking(False)
        clients = []
        while True:
            try:
                stream, _ = listener.accept()
                stream.setblocking(False)
                clients.append(stream)
            except BlockingIOError:
                time.sleep(0.001)
            for stream in list(clients):
                try:
                    data = stream.recv(1024)
                except BlockingIOError:
                    continue
                if data:
                    stream.sendall(data.upper())
                else:
                    stream.close()
                    clients.remove(stream)


def ask(stream):
    for line in typed():
        # The wire has no end of message; an answer is as long as what was asked.
        stream.sendall(line)
        say(read_exactly(stream, len(line)).decode())


main(serve, lambda port: connect(port, ask))
