"""A DOCX is written anew from the parts that show something: text, styles, notes, comments, pictures. No other part goes on.

Needs lxml and the picture code with all of its codecs.
"""

from __future__ import annotations

import base64

from lxml import etree  # type: ignore[import-untyped]

from tips.cleaning.fields import blank_properties, scrub_fields
from tips.cleaning.kinds import FileError, FileFault
from tips.cleaning.package import Package, Relation, pack, relations_xml, serialize
from tips.cleaning.pictures import clean_embedded
from tips.cleaning.sniff import DOCX_TYPE
from tips.cleaning.wording import W, scrub

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_KEPT = {
    "officeDocument": ("document", f"{_WORD}document.main+xml"),
    "styles": ("styles", f"{_WORD}styles+xml"),
    "numbering": ("numbering", f"{_WORD}numbering+xml"),
    "settings": ("settings", f"{_WORD}settings+xml"),
    "fontTable": ("fontTable", f"{_WORD}fontTable+xml"),
    "theme": ("theme", "application/vnd.openxmlformats-officedocument.theme+xml"),
    "footnotes": ("footnotes", f"{_WORD}footnotes+xml"),
    "endnotes": ("endnotes", f"{_WORD}endnotes+xml"),
    "header": ("header", f"{_WORD}header+xml"),
    "footer": ("footer", f"{_WORD}footer+xml"),
    "comments": ("comments", f"{_WORD}comments+xml"),
}
_MEDIA = {"jpg": "image/jpeg", "png": "image/png"}
_MAX_PARTS = 500
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_NOTHING = base64.b64decode(  # a see-through dot, for pictures that no library here can make anew (EMF, WMF, SVG)
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)


def clean(data: bytes, *, disguise_voice: bool = False) -> tuple[str, bytes]:
    """The same document in a new package. Raises FileError."""
    package = Package(data)
    start = next((one for one in package.relations("") if one.word == "officeDocument" and not one.outside), None)
    if start is None:
        raise FileError(FileFault.OTHER_KIND)
    root = package.tree(start.target)
    if root.tag not in [f"{{{namespace}}}document" for namespace in W]:
        raise FileError(FileFault.OTHER_KIND)
    return DOCX_TYPE, _Copy(package).of(start)


class _Copy:
    """A new package in the making."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names: dict[str, str] = {}  # old part name to new
        self._parts: dict[str, bytes] = {}
        self._types: dict[str, str] = {}  # new part name to media type

    def of(self, start: Relation) -> bytes:
        top = Relation("rId1", start.word, start.type, self._part(start), False)
        return pack(
            [
                ("[Content_Types].xml", self._types_xml()),
                ("_rels/.rels", relations_xml([top])),
                *self._parts.items(),
            ]
        )

    def _part(self, relation: Relation) -> str:
        """Copies what a relation leads to, and all that this leads to; gives its new name."""
        if relation.target in self._names:
            return self._names[relation.target]
        if len(self._names) >= _MAX_PARTS:
            raise FileError(FileFault.BOMB)
        if relation.word == "image":
            return self._picture(relation)
        word, media_type = _KEPT[relation.word]
        name = f"word/{word}{len(self._names) + 1}.xml"
        self._names[relation.target] = name
        self._types[name] = media_type
        self._parts[name] = b""  # keeps its place in the order
        kept = self._relations(relation.target)
        root = self._package.tree(relation.target)
        blank_properties(root)
        scrub(root, {old: new.id for old, new in kept.items()})
        scrub_fields(root)
        self._parts[name] = serialize(root)
        if kept:
            folder, base = name.split("/")
            self._parts[f"{folder}/_rels/{base}.rels"] = relations_xml(kept.values())
        return name

    def _relations(self, name: str) -> dict[str, Relation]:
        """A part's relations that stay, by their old ids."""
        kept: dict[str, Relation] = {}
        for one in self._package.relations(name):
            shows = one.word == "image" or (one.word in _KEPT and one.word != "officeDocument")
            if shows and not one.outside and self._package.has(one.target):
                kept[one.id] = Relation(f"rId{len(kept) + 1}", one.word, one.type, self._part(one), False)
        return kept

    def _picture(self, relation: Relation) -> str:
        try:
            suffix, content = clean_embedded(self._package.read(relation.target))
        except FileError as error:
            if error.reason is not FileFault.BROKEN:
                raise
            suffix, content = "png", _NOTHING
        name = f"word/media/image{len(self._names) + 1}.{suffix}"
        self._names[relation.target] = name
        self._parts[name] = content
        return name

    def _types_xml(self) -> bytes:
        root = etree.Element(f"{_TYPES}Types", nsmap={None: _TYPES[1:-1]})
        defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        for suffix, media_type in (defaults | _MEDIA).items():
            etree.SubElement(root, f"{_TYPES}Default", {"Extension": suffix, "ContentType": media_type})
        for name, media_type in self._types.items():
            etree.SubElement(root, f"{_TYPES}Override", {"PartName": f"/{name}", "ContentType": media_type})
        return serialize(root)
