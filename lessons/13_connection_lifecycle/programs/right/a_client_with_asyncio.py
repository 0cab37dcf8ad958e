"""Right as client capitals: with asyncio."""

import asyncio
import sys


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    writer.write(sys.stdin.buffer.read())
    await writer.drain()
    writer.write_eof()
    answer = await reader.read()
    sys.stdout.buffer.write(answer)
    writer.close()


asyncio.run(main())
