"""The buttons of a turn: one list where they are numbered, what the next number means, none that a channel cannot keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from content.reply import Reply


def one_menu(replies: Sequence[Reply]) -> list[Reply]:
    """For channels that number the buttons: all of them below the last bubble, so that a number means one thing."""
    buttons = {button.payload: button for reply in replies for button in reply.buttons}
    bare = [replace(reply, buttons=()) for reply in replies]
    return [*bare[:-1], replace(bare[-1], buttons=tuple(buttons.values()))] if buttons else bare


def last_menu(replies: Sequence[Reply]) -> tuple[str, ...]:
    """The payloads of the last bubble that has buttons."""
    buttons = next((reply.buttons for reply in reversed(replies) if reply.buttons), ())
    return tuple(button.payload for button in buttons)


def untold(reply: Reply) -> Reply:
    """For channels where the bot cannot write first: nobody is offered to be told, nor reads about it."""
    offered = [button for button in reply.buttons if button.payload.endswith(":watch")]
    if not offered:
        return reply
    lines = [line for line in reply.aside.split("\n") if not any(button.title in line for button in offered)]
    return replace(
        reply, aside="\n".join(lines), buttons=tuple(button for button in reply.buttons if button not in offered)
    )
