"""The code that a citizen keeps: 16 random digits and 2 check digits (ISO 7064 mod 97-10).

The check digits catch every single wrong digit and every swap of two neighbours, so a slip of the finger is told apart
from a code that does not exist. 16 digits are 53 bits; guessing is made slow in `envelope.derive` and `slowdown`.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from enum import StrEnum

from stdnum.iso7064 import mod_97_10

RANDOM_DIGITS = 16
CODE_DIGITS = 18

_NEAR = range(CODE_DIGITS - 1, CODE_DIGITS + 2)  # not wider: 16 digits are a bank card, 20 are two phone numbers
_ATTEMPT = re.compile(r"\d(?:[\W_]{0,5}\d){12}")
_GAP = r"[\W_]{0,3}"
_WRITTEN_CODE = re.compile(rf"(?<!\d){_GAP.join([r'\d{4}'] * 4 + [r'\d{2}'])}(?!\d)")


class CodeFault(StrEnum):
    """What is wrong with a typed code."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    WRONG_CHECK = "wrong_check"


class CodeError(ValueError):
    """A text that is no code. `missing` and `extra` count digits; the text itself is not kept."""

    def __init__(self, reason: CodeFault, missing: int = 0, extra: int = 0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.missing = missing
        self.extra = extra


def make_code() -> str:
    """A fresh code, 18 ASCII digits."""
    number = f"{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
    return number + _check_digits(number)


def format_code(code: str) -> str:
    """The code as it is shown: "1234 5678 9012 3456 78"."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def parse_code(text: str) -> str:
    """The 18 ASCII digits that somebody typed, whatever stands between them and in whatever script the digits are.

    Raises CodeError.
    """
    digits = _digits(text)
    if len(digits) < CODE_DIGITS:
        raise CodeError(CodeFault.TOO_SHORT, missing=CODE_DIGITS - len(digits))
    if len(digits) > CODE_DIGITS:
        raise CodeError(CodeFault.TOO_LONG, extra=len(digits) - CODE_DIGITS)
    # Compared, not just validated: mod 97-10 itself would take 00, 01 and 99 for 97, 98 and 02.
    if _check_digits(digits[:RANDOM_DIGITS]) != digits[RANDOM_DIGITS:]:
        raise CodeError(CodeFault.WRONG_CHECK)
    return digits


def looks_like_code(text: str) -> bool:
    """Whether a message is meant as a code: 17 to 19 digits and nothing else but spaces and punctuation."""
    strange = (c for c in text if unicodedata.decimal(c, None) is None and not _separates(c))
    return len(_digits(text)) in _NEAR and next(strange, None) is None


def holds_code(text: str) -> bool:
    """Whether a right code stands anywhere in a text, in one piece or in groups of four."""
    return any(_is_code(match.group()) for match in _WRITTEN_CODE.finditer(text))


def count_digits(text: str) -> int:
    """How many digits stand in a text, of any script."""
    return len(_digits(text))


def code_attempt(text: str) -> bool:
    """Whether something stands in a text that may be a code, however mistyped or grouped.

    That is 13 digits or more (a code has 18; a phone number at most 12) with at most 5 signs, none a letter, between any
    two. More than 20 count as well: a code and a phone number side by side.
    """
    return _ATTEMPT.search(text) is not None


def _check_digits(number: str) -> str:
    return str(mod_97_10.calc_check_digits(number))


def _is_code(text: str) -> bool:
    try:
        parse_code(text)
    except CodeError:
        return False
    return True


def _digits(text: str) -> str:
    values = (unicodedata.decimal(character, None) for character in text)
    return "".join(str(value) for value in values if value is not None)


def _separates(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] in "PZC"
