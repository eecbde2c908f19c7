"""What stays of the XML in a Word file: its text and how it looks; not who wrote or changed what, when, with which file."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree  # type: ignore[import-untyped]

W = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_R = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_KNOWN = (
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://schemas.microsoft.com/office/",
    "urn:schemas-microsoft-com:",
    "http://www.w3.org/",
)
_GONE = frozenset(
    "extLst dataBinding alias tag smartTagPr customXmlPr permStart permEnd OLEObject control altChunk "
    "saveThroughXslt docPartObj hlinkClick hlinkHover signatureline rsid rsids nsid tmpl".split()
)
_GONE_ATTRIBUTES = frozenset(
    "date dateUtc paraId textId durableId anchorId editId gfxdata descr title alt tooltip href src ed edGrp "
    "userId providerId tplc".split()
)
_INSTEAD = {"author": "Author", "initials": "A"}  # must be there; Word's own inspector writes "Author" too
_PICTURE_LABELS = frozenset({"docPr", "cNvPr"})
_SETTINGS = frozenset(
    "zoom mirrorMargins bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop evenAndOddHeaders bookFoldPrinting "
    "defaultTabStop autoHyphenation hyphenationZone characterSpacingControl footnotePr endnotePr compat mathPr themeFontLang "
    "clrSchemeMapping decimalSymbol listSeparator displayBackgroundShape".split()
)
_HOLDERS = frozenset({"drawing", "pict", "object"})
_LINKS = frozenset({"hyperlink", "blip", "imagedata", "fill", "stroke"})


def local(node: etree._Element) -> str:
    """An element's name without its namespace."""
    return word_of(node.tag)


def word_of(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def scrub(root: etree._Element, ids: Mapping[str, str]) -> None:
    """Cleans a part in place. `ids`: the relations that stay, old id to new; what needs another one goes."""
    if local(root) == "settings":
        for child in list(root):
            if local(child) not in _SETTINGS:
                root.remove(child)
    for node in list(root.iter()):
        if not _is_known(node.tag) or local(node) in _GONE or _asks_for_unknown(node):
            _remove(node)
            continue
        _scrub_attributes(node)
        _relink(node, ids)
    _forget_namespaces(root)


def _is_known(name: str) -> bool:
    """Whether a name's namespace is one of Office's; others may hide anything. No namespace is fine."""
    return not name.startswith("{") or name[1:].startswith(_KNOWN)


def _asks_for_unknown(node: etree._Element) -> bool:
    """Whether a choice is for readers that know a namespace which is dropped here."""
    wanted = (node.get("Requires") or "").split() if node.tag == f"{{{_MC}}}Choice" else []
    return any(not (node.nsmap.get(prefix) or "").startswith(_KNOWN) for prefix in wanted)


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _scrub_attributes(node: etree._Element) -> None:
    is_label = local(node) in _PICTURE_LABELS
    for name in list(node.attrib):
        word = word_of(name)
        if word in _INSTEAD:
            node.set(name, _INSTEAD[word])
        elif is_label and word == "name":
            node.set(name, "")  # a picture's file name
        elif not _is_known(name) or word in _GONE_ATTRIBUTES or word.startswith("rsid"):
            del node.attrib[name]


def _relink(node: etree._Element, ids: Mapping[str, str]) -> None:
    """Points to the relations' new ids; what points to one that is gone, goes with all that stands or falls with it."""
    for name in [one for one in node.attrib if one.startswith("{") and one[1:].startswith(_R)]:
        new = ids.get(node.attrib[name])
        if new is not None:
            node.set(name, new)
        elif local(node) in _LINKS:
            del node.attrib[name]
        else:
            holder = next((one for one in node.iterancestors() if local(one) in _HOLDERS), node)
            _remove(holder)
            return


def _forget_namespaces(root: etree._Element) -> None:
    """Takes out the declarations nobody needs; those that a list names by prefix are needed."""
    named: set[str] = set()
    for node in root.iter():
        for name in ("Ignorable", "ProcessContent", "MustUnderstand"):
            text = node.get(f"{{{_MC}}}{name}")
            if text is not None:
                known = [one for one in text.split() if (node.nsmap.get(one) or "").startswith(_KNOWN)]
                named.update(known)
                if known:
                    node.set(f"{{{_MC}}}{name}", " ".join(known))
                else:
                    del node.attrib[f"{{{_MC}}}{name}"]
        named.update((node.get("Requires") or "").split())
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(named))
