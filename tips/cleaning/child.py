"""The child: reads one file from its input, confines itself, cleans the file, writes the copy to its output.

Only first bytes are looked at before `confine`. The libraries a kind needs are loaded before it too, since
nothing can be opened afterwards: each module below loads all of its codecs when it is imported.
"""

from __future__ import annotations

import importlib
import sys

from tips.cleaning import wire
from tips.cleaning.confine import confine
from tips.cleaning.kinds import FileError, FileFault, FileKind
from tips.cleaning.sniff import kind_of

# A module has `clean(data: bytes, *, disguise_voice: bool) -> tuple[str, bytes]`: media type and content.
_CLEANERS = {
    FileKind.JPEG: "pictures",
    FileKind.PNG: "pictures",
    FileKind.WEBP: "pictures",
    FileKind.HEIC: "pictures",
    FileKind.PDF: "pdf",
    FileKind.DOCX: "docx",
    FileKind.MP4: "video",
    FileKind.OGG: "voice",
    FileKind.AMR: "voice",
    FileKind.AAC: "voice",
}


def _answer(data: bytes, *, disguise_voice: bool) -> bytes:
    kind = kind_of(data)  # the parent has asked the same, and got an answer
    cleaner = importlib.import_module(f"tips.cleaning.{_CLEANERS[kind]}")
    confine(threads=kind is FileKind.HEIC)  # libde265 decodes in a thread of its own
    try:
        media_type, content = cleaner.clean(data, disguise_voice=disguise_voice)
    except FileError as error:
        return wire.refused(error.reason)
    except MemoryError:
        return wire.refused(FileFault.BOMB)
    except Exception:  # on broken input the libraries raise nearly anything
        return wire.refused(FileFault.BROKEN)
    if len(content) > wire.RESULT_LIMIT:
        return wire.refused(FileFault.BOMB)
    return wire.cleaned(kind, media_type, content)


def main() -> None:
    data, disguise_voice = wire.read_request(sys.stdin.buffer)
    sys.stdout.buffer.write(_answer(data, disguise_voice=disguise_voice))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
