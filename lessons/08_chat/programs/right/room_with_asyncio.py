"""Right as server room: with asyncio, a task that sends and a queue for each member."""

import asyncio
import sys
import unicodedata

MAX_LINE = 1024
members = {}


class Lines:
    """The lines of a stream, of which none is longer than MAX_LINE."""

    def __init__(self, reader):
        self.reader = reader
        self.kept = b""

    async def next(self):
        while b"\n" not in self.kept[: MAX_LINE + 1]:
            if len(self.kept) > MAX_LINE:
                raise ValueError("the line is too long")
            data = await self.reader.read(4096)
            if not data:
                return None
            self.kept += data
        line, _, self.kept = self.kept.partition(b"\n")
        text = line.removesuffix(b"\r").decode(errors="replace")
        return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c for c in text)


def tell(line, speaker=None):
    for name, (queue, writer) in members.items():
        if name != speaker:
            try:
                queue.put_nowait((line + "\n").encode())
            except asyncio.QueueFull:
                writer.transport.abort()


async def send(queue, writer):
    while True:
        writer.write(await queue.get())
        await writer.drain()


async def stay(name, lines, writer):
    queue = asyncio.Queue(64)
    members[name] = queue, writer
    sending = asyncio.create_task(send(queue, writer))
    try:
        tell(f"* {name} has joined")
        while (line := await lines.next()) is not None:
            tell(f"[{name}] {line}", name)
    finally:
        del members[name]
        sending.cancel()
        tell(f"* {name} has left")


async def join(reader, writer):
    try:
        lines = Lines(reader)
        name = await lines.next()
        if name is None:
            return
        if name.isalnum() and len(name) <= 32 and name not in members:
            await stay(name, lines, writer)
        else:
            writer.write(b"! this name is not allowed\n")
    except (OSError, ValueError) as error:
        print("failed:", error)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(join, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
