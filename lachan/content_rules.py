"""What the check asks of content besides its own rules: that it fits the channels, and that the rooms can read their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import ValidationError

from content.check import FurtherRule
from content.finding import ContentError
from content.library import Library
from editor.fit import fits
from guides.danger.abroad import countries
from guides.offer.model import FILES as OFFER_FILES
from guides.offer.model import Reader
from lessons.shelf import lessons_of

_READ: tuple[tuple[str, Callable[[Library], object]], ...] = (
    ("lessons", lessons_of),
    (OFFER_FILES[-1], lambda library: Reader().tables(library)),
    ("abroad.yml", countries),
)


def readable(library: Library) -> Iterator[tuple[str, str, str, bool]]:
    """A file that a room cannot read is wrong, before anybody asks for it."""
    for file, read in _READ:
        try:
            read(library)
        except ValidationError as error:
            first = error.errors()[0]
            yield file, "schema", f"{'.'.join(map(str, first['loc']))}: {first['msg']}", False
        except ContentError as error:
            name, _, told = str(error).partition(": ")
            yield name, "schema", told, False
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            yield file, "schema", f"cannot be read: {error}", False


RULES: tuple[FurtherRule, ...] = (readable, fits)
