"""Caught by unsent_bytes_per_client_are_bounded: OwedWithoutBound.

`write` keeps what the socket does not take. Without `drain` nothing makes the client
wait.
"""

import asyncio
import sys


class Upper(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data.upper())

    def eof_received(self):
        self.transport.close()


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Upper, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
