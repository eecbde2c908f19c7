"""A DOCX as a zip of parts and the relations between them: reading it warily, writing it without a trace of time."""

from __future__ import annotations

import codecs
import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from tips.cleaning.kinds import FileError, FileFault

_MAX_ENTRIES = 2_000
_MAX_PART = 32 * 1024 * 1024  # bytes of one part unpacked
_MAX_XML = 16 * 1024 * 1024  # measured: as a tree it takes thirty times that
_MAX_TOTAL = 128 * 1024 * 1024
_MAX_RATIO = 100  # of unpacked to packed, looked at past _RATIO_FROM
_RATIO_FROM = 8 * 1024 * 1024
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
codecs.lookup("cp437")  # loads the encoding of names, which nothing could do later


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a part's relations: its id, its type's last word, the full type, where it leads."""

    id: str
    word: str
    type: str
    target: str  # a part's name, or an address if `outside`
    outside: bool


class Package:
    """The parts of a DOCX. Raises FileError: BOMB, LOCKED, BROKEN, OTHER_KIND (a zip of another kind)."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise FileError(FileFault.BROKEN) from None
        entries = self._zip.infolist()
        _refuse_bomb(entries)
        if any(one.flag_bits & 1 for one in entries):
            raise FileError(FileFault.LOCKED)
        self._names = {one.filename.lstrip("/").lower(): one for one in entries}
        if "[content_types].xml" not in self._names or "_rels/.rels" not in self._names:
            raise FileError(FileFault.OTHER_KIND)

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises FileError (BROKEN) if it is missing or damaged."""
        try:
            return self._zip.read(self._names[name.lower()])
        except (KeyError, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error):
            raise FileError(FileFault.BROKEN) from None

    def tree(self, name: str) -> etree._Element:
        """A part as XML. Raises FileError (BROKEN, BOMB)."""
        if self.has(name) and self._names[name.lower()].file_size > _MAX_XML:
            raise FileError(FileFault.BOMB)
        return parse(self.read(name))

    def relations(self, name: str) -> list[Relation]:
        """What a part leads to; "" stands for the whole package."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if listing.lower() not in self._names:
            return []
        return [_relation(one, folder) for one in self.tree(listing).iter(f"{_RELATIONS}Relationship")]

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._names


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    """By what the zip's own list says; the reader never unpacks more of an entry than that."""
    total = sum(one.file_size for one in entries)
    packed = max(1, sum(one.compress_size for one in entries))
    if (
        len(entries) > _MAX_ENTRIES
        or total > _MAX_TOTAL
        or any(one.file_size > _MAX_PART for one in entries)
        or (total > _RATIO_FROM and total > _MAX_RATIO * packed)
    ):
        raise FileError(FileFault.BOMB)


def _relation(line: etree._Element, folder: str) -> Relation:
    kind, target = line.get("Type", ""), line.get("Target", "")
    outside = line.get("TargetMode") == "External"
    if not outside:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation(line.get("Id", ""), posixpath.basename(kind), kind, target, outside)


def parse(data: bytes) -> etree._Element:
    """XML without entities, without anything from outside. Raises FileError (BROKEN, or BOMB for a DTD)."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise FileError(FileFault.BROKEN) from None
    if root.getroottree().docinfo.doctype:
        raise FileError(FileFault.BOMB)
    return root


def relations_xml(relations: Iterable[Relation]) -> bytes:
    """A part's relations, as a part."""
    root = etree.Element(f"{_RELATIONS}Relationships", nsmap={None: _RELATIONS[1:-1]})
    for one in relations:
        etree.SubElement(
            root, f"{_RELATIONS}Relationship", {"Id": one.id, "Type": one.type, "Target": f"/{one.target}"}
        )
    return serialize(root)


def serialize(root: etree._Element) -> bytes:
    """XML as Word writes it."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip in which every entry has the same date, no owner and no system."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
    return out.getvalue()
