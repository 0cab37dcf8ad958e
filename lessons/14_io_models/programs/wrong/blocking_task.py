"""Caught by a_silent_client_does_not_block_others: WaitsForOneClient.

A task of asyncio that calls a blocking `recv` holds up every other task.
"""

import asyncio
import socket
import sys


async def serve(connection):
    with connection:
        while data := connection.recv(1024):
            connection.sendall(data.upper())


async def main():
    loop = asyncio.get_running_loop()
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    server.setblocking(False)
    tasks = set()
    while True:
        connection, _ = await loop.sock_accept(server)
        connection.setblocking(True)
        tasks.add(asyncio.create_task(serve(connection)))


asyncio.run(main())
