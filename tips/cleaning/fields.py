"""Fields of a Word file: those that count and refer stay; those that name people, files and times, or fetch things, do not."""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]

from tips.cleaning.wording import W, local

_HARMLESS = frozenset(
    "PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF TOC SEQ STYLEREF TC XE INDEX EQ SYMBOL = "
    "FORMTEXT FORMCHECKBOX FORMDROPDOWN LISTNUM AUTONUM".split()
)
_SHOWN = frozenset({"HYPERLINK", "IF", "QUOTE"})  # these do nothing any more, but what they showed is the writer's text
_PROPERTIES = ("core-properties", "extended-properties", "custom-properties", "metadata/properties")


def scrub_fields(root: etree._Element) -> None:
    """Takes fields' instructions out, and what they showed where it is a name, a file or a time. In place."""
    for simple in _all(root, "fldSimple"):
        for namespace in W:
            name = f"{{{namespace}}}instr"
            if name in simple.attrib:
                word = _word(simple.get(name, ""))
                if word not in _HARMLESS:
                    simple.set(name, "")
                    if word not in _SHOWN:
                        _blank(list(_all(simple, "t")))
    _scrub_spread(root)


def blank_properties(root: etree._Element) -> None:
    """Empties text that a cover page shows from the file's properties: author, company. In place, before `scrub`."""
    for binding in _all(root, "dataBinding"):
        told = " ".join(binding.attrib.values())
        holder = next((one for one in binding.iterancestors() if local(one) == "sdt"), None)
        if holder is not None and any(one in told for one in _PROPERTIES):
            _blank(list(_all(holder, "t")))


def _scrub_spread(root: etree._Element) -> None:
    """Fields whose begin, instruction, result and end are runs of their own, perhaps within each other."""
    fields: list[tuple[list[etree._Element], list[etree._Element], list[bool]]] = []
    for node in list(root.iter()):
        name = local(node)
        if name == "fldChar":
            step = next((value for key, value in node.attrib.items() if key.endswith("fldCharType")), "")
            if step == "begin":
                fields.append(([], [], [False]))
            elif step == "separate" and fields:
                fields[-1][2][0] = True
            elif step == "end" and fields:
                instruction, result, _ = fields.pop()
                _settle(instruction, result)
                if fields and fields[-1][2][0]:
                    fields[-1][1].extend(result)
        elif name in ("instrText", "delInstrText") and fields:
            fields[-1][0].append(node)
        elif name in ("t", "delText") and fields and fields[-1][2][0]:
            fields[-1][1].append(node)
        elif name in ("instrText", "delInstrText"):
            node.text = ""
    for instruction, result, _ in fields:  # never ended
        _settle(instruction, result)


def _settle(instruction: list[etree._Element], result: list[etree._Element]) -> None:
    word = _word("".join(one.text or "" for one in instruction))
    if word in _HARMLESS:
        return
    _blank(instruction)
    if word not in _SHOWN:
        _blank(result)


def _word(instruction: str) -> str:
    words = instruction.split()
    return "=" if instruction.strip().startswith("=") else words[0].upper() if words else ""


def _blank(nodes: list[etree._Element]) -> None:
    for node in nodes:
        node.text = ""


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [one for namespace in W for one in root.iter(f"{{{namespace}}}{name}")]
