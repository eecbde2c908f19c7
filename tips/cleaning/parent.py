"""Starts a child for each file, gives it the file, and believes little of what it says."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading

from tips.cleaning import wire
from tips.cleaning.kinds import FILE_LIMIT, CleanFile, FileError, FileFault
from tips.cleaning.sniff import SUFFIXES, is_of, kind_of

_WALL_CLOCK = 60.0  # seconds
_GRACE = 5.0  # seconds from the last byte to the end
_AT_ONCE = threading.BoundedSemaphore(2)  # two cores, and up to a gigabyte each
_COMMAND = (sys.executable, "-I", "-m", "tips.cleaning.child")
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)  # the kernel's ways to end it, and our own clock's


def clean_file(data: bytes, *, disguise_voice: bool = True) -> CleanFile:
    """A copy of `data` without what tells of its maker; its kind is told by content. Raises FileError, and
    RuntimeError if the child cannot run at all, which is not the file's fault.

    Takes a tenth of a second to a minute, so call it in a thread. `disguise_voice` shifts the pitch of voice
    notes; the sound of a video stays as it is.
    """
    if len(data) > FILE_LIMIT:
        raise FileError(FileFault.TOO_BIG)
    kind = kind_of(data)
    with _AT_ONCE:
        answer = _ask_child(data, disguise_voice=disguise_voice)
    said, media_type, content = wire.read_answer(answer)
    if said is not kind or not is_of(content, media_type):
        raise FileError(FileFault.BROKEN)
    return CleanFile(kind, media_type, SUFFIXES[media_type], content)


def _ask_child(data: bytes, *, disguise_voice: bool) -> bytes:
    """The child's whole answer, at most `wire.ANSWER_LIMIT` bytes. Raises FileError if it died without one."""
    with subprocess.Popen(  # noqa: S603 - our own module, no argument from outside
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as child:
        assert child.stdin and child.stdout
        clock = threading.Timer(_WALL_CLOCK, child.kill)
        clock.daemon = True
        clock.start()
        writer = threading.Thread(target=_give, args=(child, wire.request(data, disguise_voice=disguise_voice), data))
        writer.start()
        try:
            answer = child.stdout.read(wire.ANSWER_LIMIT)
            code = _end_of(child)
        finally:
            child.kill()
            writer.join()
            clock.cancel()
    if code in _OUT_OF_TIME:
        raise FileError(FileFault.TOO_SLOW)
    if code < 0:  # a library fell over the file
        raise FileError(FileFault.BROKEN)
    if code:  # before it came to the file
        raise RuntimeError("the cleaning of files does not start here")
    return answer


def _end_of(child: subprocess.Popen[bytes]) -> int:
    """The child's exit code; it has said all it may say, and is not waited for long."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return child.wait(timeout=_GRACE)
    child.kill()
    return child.wait()


def _give(child: subprocess.Popen[bytes], *parts: bytes) -> None:
    """Writes the request and closes the pipe; a child that died early is seen by its answer."""
    assert child.stdin
    with contextlib.suppress(OSError), child.stdin as pipe:
        for part in parts:
            pipe.write(part)
