"""Right as server ticker: with asyncio, a task for each client."""

import asyncio
import sys


async def tick(reader, writer):
    try:
        while True:
            writer.write(b"hello")
            await writer.drain()
            await asyncio.sleep(0.5)
    except OSError as error:
        print("a client has gone:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(tick, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
