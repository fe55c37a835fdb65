"""A store that is some milliseconds away: whatever is sent through this port arrives later, either way.

python -m bench.far PORT HOST:PORT MILLISECONDS (of a round trip)
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable


def through(
    host: str, port: int, delay: float
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """What becomes of a connection."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        on, back = await asyncio.open_connection(host, port)
        await asyncio.gather(later(reader, back), later(on, writer))

    async def later(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while sent := await reader.read(65536):
            loop.call_later(delay, writer.write, sent)
        loop.call_later(delay, writer.close)

    return connected


async def main(port: int, host: str, at: int, milliseconds: float) -> None:
    """Serve until it is killed."""
    server = await asyncio.start_server(through(host, at, milliseconds / 2000), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    _, here, store, away = sys.argv
    asyncio.run(main(int(here), store.split(":")[0], int(store.split(":")[1]), float(away)))
