"""Right as server echo: asyncio's loop says when something has arrived.

A transport of asyncio drops empty datagrams before Python 3.13: the socket answers.
"""

import asyncio
import socket
import sys


def echo(server):
    data, client = server.recvfrom(65535)
    server.sendto(data, client)


async def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", int(sys.argv[1])))
    server.setblocking(False)
    asyncio.get_running_loop().add_reader(server, echo, server)
    await asyncio.Event().wait()


asyncio.run(main())
