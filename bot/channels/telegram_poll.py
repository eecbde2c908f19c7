"""Polling: asks Telegram for updates and has them written down; Telegram keeps what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update


class Polling:
    """The offset passes only what is written down, so that a crash loses nothing: Telegram sends the rest again."""

    def __init__(
        self,
        fetch: Callable[[int | None], Awaitable[Sequence[Update]]],
        write: Callable[[Update], Awaitable[bool]],
        back_off: Callable[[Exception | None, int], Awaitable[None]],
    ) -> None:
        """`fetch` gets the offset and waits for updates; `write` says if an update is written down (it never raises).

        `back_off` waits after a failure to fetch, or (None) before writing is tried again; it gets how many went before.
        """
        self._fetch, self._write, self._back_off = fetch, write, back_off

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        offset: int | None = None
        no_answer = not_written = 0
        while True:
            try:
                batch = await self._fetch(offset)
            except Exception as error:
                await self._back_off(error, no_answer)
                no_answer += 1
                continue
            no_answer = 0
            written = await asyncio.gather(*map(self._write, batch))
            refused = [update.update_id for update, done in zip(batch, written, strict=True) if not done]
            if batch:  # not the highest of all times: after a quiet week Telegram may begin anew at a lower number
                offset = min(refused, default=max(update.update_id for update in batch) + 1)
            if refused:
                await self._back_off(None, not_written)
            not_written = not_written + 1 if refused else 0
