"""What an action says to the conversation, not to the person: keys of a JSON object among `Told.said`."""

from __future__ import annotations

from enum import StrEnum


class Mark(StrEnum):
    """The key of a mark; its value in brackets."""

    DO = "do"  # somebody else has the floor now (a `Do`)
    MISS = "miss"  # the message was not understood (the likeliest intents)
    ABOUT = "about"  # the topic that was answered (an intent or a case): "còn bên Lào thì sao" is about it
