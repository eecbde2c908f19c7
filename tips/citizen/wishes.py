"""What a button or a typed command asks for at the point where a tip stands."""

from __future__ import annotations

from tips.citizen.commands import Command
from tips.citizen.steps import Draft, Step

SEND_AGAIN = (Command.SEND, Command.YES)  # what a tip is sent with
_OF_A_STEP = ("skip", "back", "clear")  # a button names its step: "skip:where"


def of_button(action: str, draft: Draft) -> str:
    """What a button asks for now: one that belongs to an earlier question only has the present one asked again."""
    name, _, step = action.partition(":")
    outdated = (
        (name in _OF_A_STEP and step not in ("", draft.step))
        or (name == "delete" and not draft.leaving)
        or (name == "edit" and draft.step is not Step.SUMMARY and not draft.editing)
    )
    if outdated:
        return "stay"
    return name if name in _OF_A_STEP else action


def of_words(wish: Command | None, draft: Draft) -> str:
    """The button that a typed command stands for at this point, or "" if it is something to tell."""
    if draft.leaving and wish in (Command.YES, Command.NO):
        return "delete" if wish is Command.YES else "stay"
    if draft.step is Step.SUMMARY and wish is Command.YES:
        return "send"
    if draft.step is Step.SUMMARY and wish is Command.EDIT:
        return "edit"
    if draft.step is Step.PHOTOS and wish in (Command.NO, Command.DONE):
        return "skip"
    anywhere = (Command.SKIP, Command.BACK, Command.CANCEL, Command.DELETE, Command.SEND)
    return wish.value if wish in anywhere else ""
