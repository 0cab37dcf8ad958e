"""Right as server rude: `abort` and no time to linger."""

import asyncio
import socket
import struct
import sys


class Rude(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        connection = self.transport.get_extra_info("socket")
        no_time = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_time)
        self.transport.abort()


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Rude, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
