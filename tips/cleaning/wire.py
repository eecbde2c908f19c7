"""What parent and child say to each other over two pipes, each part with its length in front."""

from __future__ import annotations

import struct
from typing import BinaryIO

from tips.cleaning.kinds import FILE_LIMIT, FileError, FileFault, FileKind

RESULT_LIMIT = 2 * FILE_LIMIT  # bytes of a cleaned copy
_REQUEST = struct.Struct(">?Q")  # disguise the voice?, length
_ANSWER = struct.Struct(">?BQ")  # cleaned?, length of the label, length of the content
ANSWER_LIMIT = _ANSWER.size + 255 + RESULT_LIMIT


def request(data: bytes, *, disguise_voice: bool) -> bytes:
    """The head that goes to the child in front of `data`."""
    return _REQUEST.pack(disguise_voice, len(data))


def read_request(pipe: BinaryIO) -> tuple[bytes, bool]:
    """The file and whether its voice is to be disguised. Raises FileError if the parent broke off."""
    head = pipe.read(_REQUEST.size)
    if len(head) != _REQUEST.size:
        raise FileError(FileFault.BROKEN)
    disguise_voice, length = _REQUEST.unpack(head)
    data = pipe.read(length)
    if len(data) != length:
        raise FileError(FileFault.BROKEN)
    return data, disguise_voice


def cleaned(kind: FileKind, media_type: str, content: bytes) -> bytes:
    """The child's answer with a cleaned copy."""
    label = f"{kind} {media_type}".encode()
    return _ANSWER.pack(True, len(label), len(content)) + label + content


def refused(fault: FileFault) -> bytes:
    """The child's answer without one."""
    label = fault.value.encode()
    return _ANSWER.pack(False, len(label), 0) + label


def read_answer(answer: bytes) -> tuple[FileKind, str, bytes]:
    """Kind, media type and content of an answer; nothing in it is trusted. Raises FileError."""
    try:
        done, label_length, length = _ANSWER.unpack_from(answer)
        label = answer[_ANSWER.size : _ANSWER.size + label_length].decode("ascii")
        content = answer[_ANSWER.size + label_length :]
        if not done:
            raise FileError(FileFault(label))
        kind, media_type = label.split(" ")
        if len(content) != length or not 0 < length <= RESULT_LIMIT:
            raise FileError(FileFault.BROKEN)
        return FileKind(kind), media_type, content
    except FileError:
        raise
    except (struct.error, ValueError):
        raise FileError(FileFault.BROKEN) from None
