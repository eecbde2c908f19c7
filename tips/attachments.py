"""What travels sealed beside a report: a cleaned file, a place, somebody's card. Never a file's name.

A place is GeoJSON (RFC 7946), a card is vCard 4.0 (RFC 6350), so that an officer can open them in any program.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from tips.text import clean, shorten

PLACE_TYPE = "application/geo+json"
CONTACT_TYPE = "text/vcard"
_HEAD = 4  # bytes that hold the header's length
_LONGEST_HEADER = 1024
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}")
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,12})?")
_FIELD = 200  # characters of a name or a number on a card
_DEGREE_DIGITS = 7  # a centimetre
_NO_JSON = (ValueError, KeyError, TypeError, RecursionError)


class AttachmentError(ValueError):
    """Bytes or values that are no attachment; nothing of them is in the message."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """`media_type` and `suffix` (".jpg", or "") are those of `content`, found by content and never a sender's words."""

    media_type: str
    suffix: str
    content: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The length of a JSON header in four bytes (big-endian), the header, and the content."""
        header = json.dumps({"media_type": self.media_type, "suffix": self.suffix}).encode()
        return len(header).to_bytes(_HEAD) + header + self.content

    @classmethod
    def from_bytes(cls, data: bytes) -> Attachment:
        """Raises AttachmentError. The type is checked: whoever can write to the store can seal what they like."""
        end = _HEAD + int.from_bytes(data[:_HEAD])
        if not _HEAD < end <= min(len(data), _HEAD + _LONGEST_HEADER):
            raise AttachmentError("no attachment")
        try:
            header = json.loads(data[_HEAD:end])
            media_type, suffix = header["media_type"], header["suffix"]
            known = _MEDIA_TYPE.fullmatch(media_type) and _SUFFIX.fullmatch(suffix)
        except _NO_JSON:
            raise AttachmentError("no attachment") from None
        if not known:
            raise AttachmentError("an attachment of an impossible type")
        return cls(media_type, suffix, data[end:])


def place(latitude: float, longitude: float) -> Attachment:
    """A point on the map, in degrees (WGS 84). Raises AttachmentError."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # what is not a number is refused, too
        raise AttachmentError("no place on Earth")
    point = [round(longitude, _DEGREE_DIGITS), round(latitude, _DEGREE_DIGITS)]  # in GeoJSON's order
    return Attachment(PLACE_TYPE, ".geojson", json.dumps({"type": "Point", "coordinates": point}).encode())


def read_place(attachment: Attachment) -> tuple[float, float]:
    """Latitude and longitude. Raises AttachmentError."""
    try:
        longitude, latitude = json.loads(attachment.content)["coordinates"]
        place(latitude, longitude)
        return float(latitude), float(longitude)
    except _NO_JSON:
        raise AttachmentError("no place") from None


def contact(name: str, phone: str) -> Attachment:
    """Somebody's card: a name and a number, either may be missing. Raises AttachmentError if both are."""
    name, phone = (shorten(clean(text).text, _FIELD) for text in (name, phone))  # on one line
    if not name and not phone:
        raise AttachmentError("an empty card")
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(name or phone)}"]
    if phone:
        lines.append(f"TEL;VALUE=text:{_escaped(phone)}")
    return Attachment(CONTACT_TYPE, ".vcf", "".join(f"{line}\r\n" for line in (*lines, "END:VCARD")).encode())


def read_contact(attachment: Attachment) -> tuple[str, str]:
    """Name and number of a card that `contact` made. Raises AttachmentError."""
    try:
        text = attachment.content.decode()
    except UnicodeDecodeError:
        raise AttachmentError("no card") from None
    values = {key.partition(";")[0]: value for key, _, value in (line.partition(":") for line in text.split("\r\n"))}
    if "FN" not in values:
        raise AttachmentError("no card")
    return _unescaped(values["FN"]), _unescaped(values.get("TEL", ""))


def _escaped(value: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", value)


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)
