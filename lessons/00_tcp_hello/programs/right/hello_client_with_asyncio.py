"""Right as client hello: with asyncio, whose streams read exactly so many bytes."""

import asyncio
import sys


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    if await reader.readexactly(5) != b"hello":
        sys.exit("this is another server")
    writer.write(b"byebye")
    writer.write_eof()
    print(b"hello" + await reader.read())
    writer.close()


asyncio.run(main())
