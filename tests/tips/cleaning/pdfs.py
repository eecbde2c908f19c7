"""PDFs with a planted string in every place where a program, a person or a camera leaves one."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.tips.cleaning.pictures import draw, exif, planted, saved, tail, xmp

TEXT = b"BT /F1 24 Tf 20 100 Td (Xe 29B dua nguoi qua bien gioi) Tj ET\n"


def blank(pages: int = 2, drawing: bytes = TEXT) -> Pdf:
    """A PDF with some pages and words on each."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(300, 200))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(drawing)
    return pdf


def written(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def with_picture(words: list[str], jpeg: bytes, **more: object) -> Pdf:
    """A page that shows a picture, which carries tags of its own."""
    pdf = blank(drawing=TEXT + b"q 96 0 0 64 10 10 cm /Im1 Do Q\n")
    picture = pdf.make_stream(jpeg)
    picture.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=96, Height=64, ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
        Filter=Name.DCTDecode, **more,
    )  # fmt: skip
    pdf.pages[0].obj.Resources.XObject = Dictionary(Im1=picture)
    return pdf


def _info(words: list[str]) -> bytes:
    pdf = blank()
    for key in ("Author", "Creator", "Producer", "Title", "Subject", "Keywords", "Company"):
        pdf.docinfo[Name(f"/{key}")] = planted(words)
    return written(pdf)


def _xmp(words: list[str]) -> bytes:
    pdf = blank()
    pdf.Root.Metadata = pdf.make_stream(xmp(words), Type=Name.Metadata, Subtype=Name.XML)
    pdf.pages[0].obj.Metadata = pdf.make_stream(xmp(words), Type=Name.Metadata, Subtype=Name.XML)
    return written(pdf)


def _annotations(words: list[str]) -> bytes:
    pdf = blank()
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=[10, 10, 30, 30], Contents="Bien so o day",
        T=planted(words), NM=planted(words), Subj=planted(words), M="D:20261124072033+07'00'", CreationDate=planted(words),
    )  # fmt: skip
    files = Dictionary(
        Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[40, 10, 60, 30],
        FS=Dictionary(F=planted(words), EF=Dictionary(F=pdf.make_stream(planted(words).encode()))),
    )  # fmt: skip
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[70, 10, 90, 30],
        A=Dictionary(S=Name.URI, URI=f"https://example.org/{planted(words)}"),
    )  # fmt: skip
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(one) for one in (note, files, link)])
    return written(pdf)


def _attached(words: list[str]) -> bytes:
    pdf = blank()
    pdf.attachments[planted(words)] = pikepdf.AttachedFileSpec(pdf, planted(words).encode(), description=planted(words))
    return written(pdf)


def _scripts(words: list[str]) -> bytes:
    pdf = blank()
    script = Dictionary(S=Name.JavaScript, JS=f"app.alert('{planted(words)}')")
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String(planted(words)), script])))
    pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.JavaScript, JS=pdf.make_stream(planted(words).encode())))
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=planted(words)))
    return written(pdf)


def _private(words: list[str]) -> bytes:
    pdf = blank()
    data = Dictionary(App=Dictionary(LastModified=planted(words), Private=planted(words)))
    for holder in (pdf.Root, pdf.pages[0].obj):
        holder.PieceInfo = data
        holder[Name("/Xyz")] = planted(words)
    pdf.pages[0].obj.LastModified = planted(words)
    pdf.pages[0].obj.Thumb = pdf.make_stream(planted(words).encode(), Width=4, Height=4)
    pdf.Root.Outlines = Dictionary(Type=Name.Outlines, Title=planted(words))
    pdf.trailer[Name("/Xyz")] = planted(words)
    pdf.trailer.ID = Array([String(planted(words)), String("zweite")])
    return written(pdf)


def _comment_in_drawing(words: list[str]) -> bytes:
    pdf = blank(drawing=TEXT + f"% drawn by {planted(words)}\n".encode())
    form = pdf.make_stream(f"0 0 9 9 re f % {planted(words)}\n".encode())
    form.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], PieceInfo=Dictionary(A=planted(words)),
        LastModified=planted(words), Metadata=pdf.make_stream(xmp(words)),
    )  # fmt: skip
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm1=form)
    return written(pdf)


def _earlier_version(words: list[str]) -> bytes:
    """Saved twice: the second time, what was there before stays in the file, and no reader shows it."""
    first = written(
        blank(drawing=TEXT + f"% {planted(words)}\n".encode()), object_stream_mode=pikepdf.ObjectStreamMode.disable
    )
    return first + f"\n% {planted(words)}\n".encode() + first[first.rindex(b"startxref") :]


def _form(words: list[str]) -> bytes:
    pdf = blank()
    signature = pdf.make_indirect(
        Dictionary(
            Type=Name.Sig, Name=planted(words), Reason=planted(words), Location=planted(words), ContactInfo=planted(words),
            ByteRange=[0, 1, 2, 3], Contents=planted(words), M=planted(words),
        )
    )  # fmt: skip
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="s", V=signature, Rect=[0, 0, 9, 9], TU=planted(words)
        )
    )
    asked = pdf.make_indirect(Dictionary(FT=Name.Tx, T="t", V="Xe 29B", TU=planted(words), TM=planted(words)))
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field, asked]), SigFlags=3, XFA=pdf.make_stream(planted(words).encode())
    )
    pdf.Root.Perms = Dictionary(DocMDP=signature)
    return written(pdf)


def _inline_picture(words: list[str]) -> bytes:
    jpeg = saved(draw(), "JPEG", exif=exif(words), comment=planted(words))
    inline = b"q 96 0 0 64 9 9 cm BI /W 96 /H 64 /CS /RGB /BPC 8 /F /DCT ID " + jpeg + b"\nEI Q\n"
    return written(blank(drawing=TEXT + inline))


def _jpeg2000(words: list[str]) -> bytes:
    picture = saved(draw(), "JPEG2000") + b"\0\0\0\x40uuid" + b"\0" * 16 + planted(words).encode().ljust(40)
    pdf = with_picture(words, picture)
    pdf.pages[0].obj.Resources.XObject.Im1.Filter = Name.JPXDecode
    return written(pdf)


def _layers(words: list[str]) -> bytes:
    pdf = blank()
    usage = Dictionary(CreatorInfo=Dictionary(Creator=planted(words)))
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="1", Usage=usage))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Order=Array([layer]), Creator=planted(words)))
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.P, Alt=planted(words)))
    return written(pdf)


MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    "info.pdf": _info,
    "xmp.pdf": _xmp,
    "annotations.pdf": _annotations,
    "attached.pdf": _attached,
    "scripts.pdf": _scripts,
    "private.pdf": _private,
    "comment.pdf": _comment_in_drawing,
    "earlier.pdf": _earlier_version,
    "form.pdf": _form,
    "layers.pdf": _layers,
    "inline.pdf": _inline_picture,
    "jpeg2000.pdf": _jpeg2000,
    "tail.pdf": lambda w: written(blank()) + tail(w),
    "picture.pdf": lambda w: written(
        with_picture(
            w, saved(draw(), "JPEG", exif=exif(w), xmp=xmp(w), comment=planted(w)) + tail(w), Private=planted(w)
        )
    ),
    "locked-for-changes.pdf": lambda w: written(
        with_picture(w, saved(draw(), "JPEG", exif=exif(w))), encryption=pikepdf.Encryption(owner="chu", user="")
    ),
}
