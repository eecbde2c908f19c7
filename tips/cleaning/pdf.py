"""A PDF keeps its pages and what is drawn on them. What a page, an annotation or a picture may say is a list of what stays.

Needs pikepdf (qpdf), and Pillow's JPEG 2000 codec for the rare picture of that kind.
"""

from __future__ import annotations

import io
import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel
from pikepdf.sanitize import Sanitizer
from pikepdf.settings import set_qpdf_limits
from PIL import Image, Jpeg2KImagePlugin

from tips.cleaning.jpeg import bare_jpeg
from tips.cleaning.kinds import FileError, FileFault

_LOADED = (Jpeg2KImagePlugin,)
Image.preinit()
_UNPACKED = 256 * 1024 * 1024  # bytes of one stream
_TOO_MUCH = ("memory limit exceeded", "bad_alloc")  # qpdf has one class of error for this and for damage
_MAX_OBJECTS = 300_000
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_MAX_DEPTH = 60  # of values directly within each other


def _keys(names: str) -> frozenset[str]:
    return frozenset(f"/{name}" for name in names.split())


_ROOT = _keys("Type Pages OCProperties AcroForm PageLayout PageMode Lang Version")
_PAGE = _keys(
    "Type Parent Kids Count Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots UserUnit Tabs"
)
_STREAM = "Length Filter DecodeParms OC Type Subtype "
_IMAGE = _keys(
    _STREAM
    + "Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask SMaskInData Matte"
)
_FORM = _keys(_STREAM + "FormType BBox Matrix Resources Group")
_ANNOTATION = _keys(
    "Type Subtype Rect Contents P F AP AS Border C CA ca BS BE QuadPoints InkList L LE LL LLE LLO IC Vertices DA Q IT CL RD "
    "Popup Open IRT RT H A Dest MK FT V DV Opt Ff Kids Parent MaxLen I TI OC Name"
)
_FORM_FIELDS = _keys("Fields NeedAppearances DR DA Q")
_DRAWN = _keys(  # files, sounds, films, 3D and the like are not
    "Link FreeText Text Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup "
    "Widget Redact"
)
_NOWHERE = _keys(
    "Metadata PieceInfo LastModified Thumb AA AF EF JS OPI Ref PtData Measure VP StructParent StructParents CreatorInfo "
    "Author Creator Producer CreationDate ModDate Keywords RichMediaContent RichMediaSettings XFA FFilter FDecodeParms"
)
_SANITIZER = (
    Sanitizer()
    .remove_javascript()
    .remove_external_access()
    .remove_multimedia()
    .remove_attachments()
    .remove_thumbnails()
    .remove_search_index()
    .remove_web_capture()
    .remove_private_app_data()
    .remove_collection()
)


def clean(data: bytes, *, disguise_voice: bool = False) -> tuple[str, bytes]:
    """The same pages in a new PDF. Raises FileError (LOCKED, BROKEN, BOMB)."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return "application/pdf", _rewrite(pdf)
    except pikepdf.PasswordError:
        raise FileError(FileFault.LOCKED) from None
    except pikepdf.PdfError as error:
        too_much = any(sign in str(error) for sign in _TOO_MUCH)
        raise FileError(FileFault.BOMB if too_much else FileFault.BROKEN) from None


def _rewrite(pdf: Pdf) -> bytes:
    if len(pdf.objects) > _MAX_OBJECTS:
        raise FileError(FileFault.BOMB)
    if not len(pdf.pages):
        raise FileError(FileFault.BROKEN)
    _SANITIZER.apply(pdf)
    pdf.trailer.Root = pdf.Root  # of a file that was pieced together, only qpdf knows it
    for key in list(pdf.trailer.keys()):
        if key not in ("/Root", "/Size"):
            del pdf.trailer[key]
    pdf.trailer.Size = 1  # the writer puts the true number here, if there is a place for it
    _only(pdf.Root, _ROOT)
    for page in pdf.pages:
        _only(page.obj, _PAGE)
        _lay_out(page)
        _keep_drawn(page.obj)
    for thing in pdf.objects:
        _scrub(thing)
    for scope in pdf.content_scopes():
        _drop_comments(pdf, scope.content)
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        encryption=False,
        preserve_pdfa=False,
        fix_metadata_version=False,
        object_stream_mode=ObjectStreamMode.generate,
    )
    return out.getvalue()


def _only(holder: Object, keys: frozenset[str]) -> None:
    for key in list(holder.keys()):
        if key not in keys:
            del holder[key]


def _keep_drawn(page: Object) -> None:
    """Leaves of a page's annotations those that show something."""
    annotations = page.get(Name.Annots)
    if isinstance(annotations, Array):
        page.Annots = Array([one for one in annotations if _is_drawn(one)])


def _is_drawn(annotation: Object) -> bool:
    return isinstance(annotation, Dictionary) and str(annotation.get(Name.Subtype)) in _DRAWN


def _scrub(thing: Object, depth: int = 0) -> None:
    """Takes from a value, and from all that lies directly in it, whatever is not on its list."""
    if depth > _MAX_DEPTH:
        raise FileError(FileFault.BOMB)
    if isinstance(thing, Array):
        for one in thing:
            _scrub_within(one, depth)
    elif isinstance(thing, Dictionary | Stream):
        _scrub_keys(thing)
        for _, one in thing.items():
            _scrub_within(one, depth)
        if isinstance(thing, Stream):
            _scrub_stream(thing)


def _scrub_within(value: object, depth: int) -> None:
    """Goes on into a direct value; an indirect one comes by itself, and numbers come as Python's own."""
    if isinstance(value, Object) and not value.is_indirect:
        _scrub(value, depth + 1)


def _scrub_keys(thing: Object) -> None:
    kind = str(thing.get(Name.Subtype))
    if Name.ByteRange in thing:  # a signature: a name, a time, a certificate
        _only(thing, frozenset())
    elif isinstance(thing, Stream):
        _only_stream(thing, kind)
    elif "/Rect" in thing and kind in _DRAWN:
        _only(thing, _ANNOTATION | ({"/T"} if kind == "/Widget" else set()))
    elif Name.FT in thing:  # a form field whose widgets are elsewhere
        _only(thing, _ANNOTATION | {"/T"})
    elif "/Fields" in thing and isinstance(thing.get(Name.Fields), Array):
        _only(thing, _FORM_FIELDS)
    if thing.get(Name.FT) == Name.Sig and Name.V in thing:
        del thing[Name.V]
    for key in _NOWHERE.intersection(thing.keys()):
        del thing[key]


def _only_stream(stream: Stream, kind: str) -> None:
    if kind == "/Image":
        _only(stream, _IMAGE)
    elif kind == "/Form":
        _only(stream, _FORM)
    elif Name.F in stream:  # the data lie in another file
        del stream[Name.F]


def _scrub_stream(stream: Stream) -> None:
    """Pictures inside are files of their own, with tags of their own."""
    filters = stream.get(Name.Filter)
    names = [str(one) for one in filters] if isinstance(filters, Array) else [str(filters)]
    if names == ["/DCTDecode"]:
        stream.write(bare_jpeg(stream.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=_parms(stream))
    elif "/DCTDecode" in names:
        stream.write(stream.read_bytes(StreamDecodeLevel.all))
    elif names == ["/JPXDecode"]:
        _redraw_jpeg2000(stream)
    elif "/JPXDecode" in names:
        raise FileError(FileFault.BROKEN)


def _parms(stream: Stream) -> Dictionary | None:
    """The one thing a JPEG's reader may need to be told: how its colours are coded."""
    parms = stream.get(Name.DecodeParms)
    if isinstance(parms, Dictionary) and Name.ColorTransform in parms:
        return Dictionary(ColorTransform=parms.ColorTransform)
    return None


def _redraw_jpeg2000(stream: Stream) -> None:
    with Image.open(io.BytesIO(stream.read_raw_bytes()), formats=("JPEG2000",)) as picture:
        if picture.width * picture.height > 24_000_000:
            raise FileError(FileFault.TOO_MANY_PIXELS)
        grey = picture.mode in ("L", "LA", "1", "I;16", "I")
        out = io.BytesIO()
        picture.convert("L" if grey else "RGB").save(out, "JPEG", quality=88)
    stream.write(out.getvalue(), filter=Name.DCTDecode)
    stream.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    stream.BitsPerComponent = 8
    for key in (Name.SMaskInData, Name.Decode):
        if key in stream:
            del stream[key]


def _drop_comments(pdf: Pdf, drawing: Object) -> None:
    """Writes one page's, form's or glyph's drawing anew, if a comment may be in it."""
    pieces = _pieces(drawing)
    content = b"\n".join(one.read_bytes() for one in pieces)
    if b"%" not in _STRING.sub(b"", content):
        return
    drawn = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(drawing))
    if isinstance(drawing, Stream):
        drawing.write(drawn)
    else:
        drawing.Contents = pdf.make_stream(drawn)


def _pieces(drawing: Object) -> list[Stream]:
    if isinstance(drawing, Stream):
        return [drawing]
    contents = drawing.get(Name.Contents)
    listed = list(contents) if isinstance(contents, Array) else [contents]
    return [one for one in listed if isinstance(one, Stream)]


def _rehearse() -> None:
    """Opens a PDF with an empty password once, for which qpdf opens the kernel's source of chance, and keeps it open."""
    out = io.BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="", user=""))
    pikepdf.open(out).close()


def _lay_out(page: pikepdf.Page) -> None:
    """Turns JPEGs that are written into a page's drawing into pictures of their own, so that they are cleaned as such."""
    if any(b"/DCT" in one.read_bytes() for one in _pieces(page.obj)):
        page.externalize_inline_images(min_size=0)


_rehearse()
set_qpdf_limits(
    flate_max_memory=_UNPACKED,
    run_length_max_memory=_UNPACKED,
    png_max_memory=_UNPACKED,
    tiff_max_memory=_UNPACKED,
    dct_max_memory=_UNPACKED,
    dct_max_progressive_scans=100,
)
