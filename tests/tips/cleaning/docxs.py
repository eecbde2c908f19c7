"""Word files with a planted string in every place where Word, a person or a camera leaves one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from tests.tips.cleaning.pictures import draw, exif, planted, saved, xmp

TEXT = "Xe 29B đưa người qua biên giới"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = " ".join(
    (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
        f'xmlns:r="{_REL}"',
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
        'xmlns:v="urn:schemas-microsoft-com:vml"',
        'xmlns:o="urn:schemas-microsoft-com:office:office"',
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"',
        'xmlns:w16du="http://schemas.microsoft.com/office/word/2023/wordml/word16du"',
    )
)
PARAGRAPH = f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"


def part(root: str, inside: str, more: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {_SPACES} {more}>{inside}</w:{root}>'


def relations(*lines: tuple[str, str, str], outside: frozenset[str] = frozenset()) -> str:
    """Lines of id, type's last word, target."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_REL}/{word}" Target="{target}"'
        f"{' TargetMode="External"' if name in outside else ''}/>"
        for name, word, target in lines
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def docx(
    body: str = PARAGRAPH,
    *,
    parts: Mapping[str, str | bytes] | None = None,
    lines: tuple[tuple[str, str, str], ...] = (),
    top: tuple[tuple[str, str, str], ...] = (),
    outside: frozenset[str] = frozenset(),
    comment: bytes = b"",
    extra: bytes = b"",
) -> bytes:
    """A Word file with a body, further parts by name, and the lines that lead to them."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/></Types>'
    )
    everything: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml"), *top),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>", 'mc:Ignorable="w14 w16du"'),
        "word/_rels/document.xml.rels": relations(*lines, outside=outside),
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in everything.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 24, 7, 20, 32))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.extra = extra
            packed.writestr(entry, data)
        packed.comment = comment
    return out.getvalue()


def shown(name: str, more: str = "") -> str:
    """A paragraph with a picture."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" {more}/><a:graphic><a:graphicData><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="0" {more}/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _properties(w: list[str]) -> bytes:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{planted(w)}</dc:creator><dc:title>{planted(w)}</dc:title>'
        f"<cp:lastModifiedBy>{planted(w)}</cp:lastModifiedBy></cp:coreProperties>"
    )
    names = ("core-properties", "docProps/core.xml"), ("extended-properties", "docProps/app.xml")
    names += ("custom-properties", "docProps/custom.xml"), ("thumbnail", "docProps/thumbnail.jpeg")
    return docx(
        parts={
            "docProps/core.xml": core,
            "docProps/app.xml": f"<Properties><Company>{planted(w)}</Company><Manager>{planted(w)}</Manager></Properties>",
            "docProps/custom.xml": f"<Properties><property name='x'>{planted(w)}</property></Properties>",
            "docProps/thumbnail.jpeg": saved(draw(), "JPEG", comment=planted(w)),
        },
        top=tuple((f"rId{at}", *one) for at, one in enumerate(names, 2)),
    )


def _comments(w: list[str]) -> bytes:
    note = (
        f'<w:comment w:id="1" w:author="{planted(w)}" w:date="{planted(w)}" w:initials="{planted(w)}" '
        f'w16du:dateUtc="{planted(w)}"><w:p w14:paraId="{planted(w)}"><w:r><w:t>Hỏi lại</w:t></w:r></w:p></w:comment>'
    )
    people = f'<w:people><w:person w:author="{planted(w)}"/></w:people>'
    body = PARAGRAPH + '<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'
    return docx(
        body,
        parts={"word/comments.xml": part("comments", note), "word/people.xml": people},
        lines=(("rId1", "comments", "comments.xml"), ("rId2", "people", "people.xml")),
    )


def _changes(w: list[str]) -> bytes:
    by = f'w:author="{planted(w)}" w:date="{planted(w)}"'
    body = (
        f'<w:p w:rsidR="{planted(w)}" w14:textId="{planted(w)}"><w:ins w:id="1" {by}><w:r w:rsidRPr="{planted(w)}">'
        f"<w:t>{TEXT}</w:t></w:r></w:ins><w:del w:id='2' {by}><w:r><w:delText>cũ</w:delText></w:r></w:del></w:p>"
        f'<w:permStart w:id="3" w:ed="{planted(w)}"/><w:permEnd w:id="3"/>'
    )
    return docx(body)


def _picture(w: list[str]) -> bytes:
    jpeg = saved(draw(), "JPEG", exif=exif(w), xmp=xmp(w), comment=planted(w))
    more = f'name="{planted(w)}" descr="{planted(w)}" title="{planted(w)}"'
    return docx(
        PARAGRAPH + shown("rId9", more), parts={"word/media/x.jpeg": jpeg}, lines=(("rId9", "image", "media/x.jpeg"),)
    )


def _see_through(w: list[str]) -> bytes:
    png = saved(draw(mode="RGBA"), "PNG", exif=exif(w))
    name = f"media/{planted(w)}.png"
    return docx(PARAGRAPH + shown("rId9"), parts={f"word/{name}": png}, lines=(("rId9", "image", name),))


def _vector(w: list[str]) -> bytes:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><desc>{planted(w)}</desc></svg>"
    emf = b"\x01\0\0\0" + planted(w).encode("utf-16-le")
    return docx(
        PARAGRAPH + shown("rId8") + shown("rId9"),
        parts={"word/media/a.svg": svg, "word/media/b.emf": emf},
        lines=(("rId8", "image", "media/a.svg"), ("rId9", "image", "media/b.emf")),
    )


def _macros(w: list[str]) -> bytes:
    body = (
        f'{PARAGRAPH}<w:p><w:r><w:object><v:shape id="1" alt="{planted(w)}"/><o:OLEObject r:id="rId2" ProgID="{planted(w)}"/>'
        "</w:object></w:r></w:p>"
    )
    return docx(
        body,
        parts={"word/vbaProject.bin": planted(w).encode(), "word/embeddings/o.bin": planted(w).encode("utf-16-le")},
        lines=(("rId1", "vbaProject", "vbaProject.bin"), ("rId2", "oleObject", "embeddings/o.bin")),
    )


def _settings(w: list[str]) -> bytes:
    inside = (
        f'<w:attachedTemplate r:id="rId1"/><w:rsids><w:rsid w:val="{planted(w)}"/></w:rsids><w:evenAndOddHeaders/>'
        f'<w:docVars><w:docVar w:name="x" w:val="{planted(w)}"/></w:docVars><w14:docId w14:val="{planted(w)}"/>'
    )
    return docx(
        parts={
            "word/settings.xml": part("settings", inside),
            "word/_rels/settings.xml.rels": relations(
                ("rId1", "attachedTemplate", f"file:///C:/Users/{planted(w)}/n.dotm"), outside=frozenset({"rId1"})
            ),
            "customXml/item1.xml": f"<x>{planted(w)}</x>",
            "word/webSettings.xml": part("webSettings", planted(w)),
        },
        lines=(
            ("rId1", "settings", "settings.xml"),
            ("rId2", "customXml", "../customXml/item1.xml"),
            ("rId3", "webSettings", "webSettings.xml"),
        ),
    )


def _fields(w: list[str]) -> bytes:
    def spread(instruction: str, result: str) -> str:
        marks = [f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>' for step in ("begin", "separate", "end")]
        half = len(instruction) // 2
        told = "".join(
            f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in (instruction[:half], instruction[half:])
        )
        return f"<w:p>{marks[0]}{told}{marks[1]}<w:r><w:t>{result}</w:t></w:r>{marks[2]}</w:p>"

    body = (
        PARAGRAPH
        + spread(" AUTHOR \\* MERGEFORMAT ", planted(w))
        + spread(f' INCLUDEPICTURE "http://example.org/{planted(w)}" ', "")
        + spread(f' HYPERLINK "file:///C:/Users/{planted(w)}" ', "một nơi")
        + spread(" PAGE ", "7")
        + f'<w:p><w:fldSimple w:instr=" FILENAME {planted(w)} "><w:r><w:t>{planted(w)}</w:t></w:r></w:fldSimple></w:p>'
        + '<w:sdt><w:sdtPr><w:alias w:val="x"/><w:dataBinding w:prefixMappings="xmlns:n=\'http://schemas.openxmlformats.org/'
        + 'package/2006/metadata/core-properties\'" w:xpath="/n:coreProperties[1]/creator[1]"/></w:sdtPr><w:sdtContent>'
        + f"<w:p><w:r><w:t>{planted(w)}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    return docx(body)


def _foreign(w: list[str]) -> bytes:
    body = (
        f'{PARAGRAPH}<!-- {planted(w)} --><?x {planted(w)}?><w:p><x:y xmlns:x="urn:{planted(w)}">{planted(w)}</x:y></w:p>'
        f'<w:p xmlns:q="urn:{planted(w)}" q:z="{planted(w)}"><w:r><w:t>Hết</w:t></w:r></w:p>'
    )
    return docx(body)


def _outside(w: list[str]) -> bytes:
    body = (
        f'{PARAGRAPH}<w:p><w:hyperlink r:id="rId1" w:tooltip="{planted(w)}"><w:r><w:t>ở đây</w:t></w:r></w:hyperlink></w:p>'
        + shown("rId2").replace("r:embed", "r:link")
        + '<w:altChunk r:id="rId3"/>'
    )
    return docx(
        body,
        parts={"word/c.html": f"<html>{planted(w)}</html>"},
        lines=(
            ("rId1", "hyperlink", f"file:///C:/Users/{planted(w)}/a.docx"),
            ("rId2", "image", f"http://example.org/{planted(w)}.png"),
            ("rId3", "aFChunk", "c.html"),
        ),
        outside=frozenset({"rId1", "rId2"}),
    )


def _zip_itself(w: list[str]) -> bytes:
    text = planted(w).encode()
    return docx(
        parts={f"word/{planted(w)}.xml": planted(w)},
        comment=planted(w).encode(),
        extra=b"\x99\x99" + len(text).to_bytes(2, "little") + text,
    )


MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    "properties.docx": _properties,
    "comments.docx": _comments,
    "changes.docx": _changes,
    "picture.docx": _picture,
    "see-through.docx": _see_through,
    "vector.docx": _vector,
    "macros.docx": _macros,
    "settings.docx": _settings,
    "fields.docx": _fields,
    "foreign.docx": _foreign,
    "outside.docx": _outside,
    "zip.docx": _zip_itself,
}
