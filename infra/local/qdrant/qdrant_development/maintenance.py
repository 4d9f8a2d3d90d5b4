"""Flushing in the background: the write-ahead log survives a killed process, a flush survives a power cut."""

import asyncio
import sys

FLUSH_INTERVAL_SECONDS = 5.0


async def flush_regularly(store) -> None:
    while True:
        await asyncio.sleep(FLUSH_INTERVAL_SECONDS)
        for collection in list(store.collections.values()):
            try:
                collection.flush()
            except Exception as error:
                collection.dirty = True
                print(f"flush of collection {collection.name} failed: {error}", file=sys.stderr, flush=True)
            await asyncio.sleep(0)  # requests go in between
