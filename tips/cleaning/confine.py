"""Takes from this process, for good, what cleaning a file does not need: network, files, memory, time."""

from __future__ import annotations

import contextlib
import os
import resource

MEMORY = 1024**3  # bytes of address space, the libraries' own included (docs/attachments.md has the measurements)
CPU_SECONDS = 30


def confine(memory: int = MEMORY, *, threads: bool = False) -> None:
    """From here on this process opens nothing, not even a file it may read, so what it imports must be loaded.

    Where the kernel lets it, it moves to a network of its own in which there is nothing. In any case it gets
    no new descriptor: not for a socket, not for a file. The pipes that are open stay open.
    Without `threads` it starts no thread and no process either (root alone is not bound by that).
    """
    os.environ.clear()
    with contextlib.suppress(OSError):  # some containers forbid it; the limit on descriptors holds without it
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    limits = [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ]
    if not threads:
        limits.append((resource.RLIMIT_NPROC, 0))
    for what, limit in limits:
        resource.setrlimit(what, (limit, limit))
