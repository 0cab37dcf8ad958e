"""Right as server hello: with asyncio, a task for each caller."""

import asyncio
import sys


async def answer(reader, writer):
    try:
        writer.write(b"hello")
        print(bytes(await reader.read()))
        writer.close()
        await writer.wait_closed()
    except OSError as error:
        print("a call failed:", error)


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
