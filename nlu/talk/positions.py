"""Words that point to a place in a list: "cái thứ hai", "số 2", "mục 3", "cái cuối cùng", "the second one". Pure."""

from __future__ import annotations

import re

LAST = -1
_NUMBERS = {
    "nhat": 1, "mot": 1, "dau": 1, "dau tien": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "cuoi": LAST, "cuoi cung": LAST, "sau cung": LAST, "chot": LAST,
    "duoi cung": LAST, "tren cung": 1,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": LAST, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
    "5th": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_NUMBER = "(?P<number>" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r"|\d{1,2})"
_WISH = (
    r"(?:(?:cho|chon|lay|xem|bam|mo|doc|hoi|muon|em|minh|toi|i want|i choose|i mean|show me|tell me about|give me) )*"
)
_TAIL = (
    r"(?: (?:o )?(?:tren|kia|do|ay|day|nay|vua roi|hoi nay|trong danh sach|above|please))?"
    r"(?: (?:la gi|la sao|thi sao|noi ro hon))?"
)
_THING = "(?:cai|muc|y|cau|nut|lua chon|dong|phan|dieu|o)"
_VIETNAMESE = re.compile(rf"{_WISH}(?:{_THING}(?: so| thu)?|so|lua chon thu) {_NUMBER}{_TAIL}")
_ENGLISH = re.compile(
    rf"{_WISH}(?:the )?(?:(?:option|number|no|item|choice|button) {_NUMBER}"
    rf"|{_NUMBER.replace('number', 'ordinal')} (?:one|option|item|choice|button|question|point)){_TAIL}"
)
_ALONE = re.compile(r"(?:the )?(?P<number>first|second|third|fourth|fifth|last|1st|2nd|3rd|dau tien|cuoi cung)")


def position(bare: str) -> int:
    """The place that a text (lower case, no marks) points to, from 1; -1 for the last; 0 if it points nowhere."""
    for pattern in (_VIETNAMESE, _ENGLISH, _ALONE):
        if found := pattern.fullmatch(bare):
            said = next(value for value in found.groupdict().values() if value)
            return int(said) if said.isdigit() else _NUMBERS[said]
    return 0
