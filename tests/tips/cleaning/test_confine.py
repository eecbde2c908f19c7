"""What a child can no longer do once it has confined itself, tried from within a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.tips.cleaning import media, pictures
from tips.cleaning import CleanFile, FileError, FileFault, clean_file, parent

ROOT = Path(__file__).parents[3]
TRIALS = """
import json, os, resource, socket, subprocess, sys
from tips.cleaning.confine import confine

os.environ["SECRET"] = "zQplanted"
confine({arguments})

def tried(act):
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return "done"

def reused():
    os.close(0)
    socket.socket()

trials = {{
    "socket": lambda: socket.socket(),
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "write a file": lambda: open("/tmp/zQ-lachan-trial", "wb"),
    "read a file": lambda: open("/etc/hostname", "rb"),
    "read the key folder": lambda: os.listdir("/"),
    "pipe": lambda: os.pipe(),
    "program": lambda: subprocess.run(["/bin/true"]),
    "2 GB": lambda: bytearray(2 * 1024**3),
    "1 MB": lambda: bytearray(1024**2),
    "a descriptor that was freed": reused,
}}
answer = {{name: tried(act) for name, act in trials.items()}}
answer["environment"] = dict(os.environ)
answer["limits"] = [resource.getrlimit(one)[1] for one in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
print(json.dumps(answer), flush=True)
"""


def trials(arguments: str = "") -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", TRIALS.format(arguments=arguments)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("arguments", ["", "threads=True"])
def test_nothing_can_be_reached(arguments: str) -> None:
    answer = trials(arguments)
    for name in ("socket", "unix socket", "write a file", "read a file", "read the key folder", "pipe", "program"):
        assert answer[name] == "OSError", name
    assert answer["a descriptor that was freed"] == "OSError"
    assert answer["2 GB"] == "MemoryError"
    assert answer["1 MB"] == "done"
    assert answer["environment"] == {}
    assert answer["limits"] == [0, 0, 0]


NETWORK = """
import os
before = os.stat("/proc/self/ns/net").st_ino
try:
    os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
except OSError:
    print("forbidden")
else:
    print("own" if os.stat("/proc/self/ns/net").st_ino != before else "same")
"""


def test_network_of_its_own_where_the_kernel_allows_it() -> None:
    """The same call as `confine` makes; afterwards nothing can be looked at any more, so it is made alone here."""
    allowed = subprocess.run([sys.executable, "-c", NETWORK], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    if allowed.strip() == "forbidden":
        pytest.skip("this kernel gives no network of its own; the limit on descriptors holds alone")
    assert allowed.strip() == "own"
    code = (
        "import os, sys; from tips.cleaning.confine import confine; confine(); os.write(1, b'ready'); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout and child.stdin
        assert child.stdout.read(5) == b"ready"
        assert Path(f"/proc/{child.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        child.stdin.close()


ENDLESS = """
from tips.cleaning.confine import confine
import resource
confine()
resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
while True:
    pass
"""
SLEEPING = "import time; time.sleep(600)"
TALKING = "import sys\nwhile True: sys.stdout.buffer.write(bytes(1000000))"
DYING = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
LYING = (
    "import sys; from tips.cleaning import wire; sys.stdout.buffer.write(wire.cleaned('jpeg', 'image/jpeg', b'<html>'))"
)
OTHER = "import sys; from tips.cleaning import wire; sys.stdout.buffer.write(wire.cleaned('pdf', 'application/pdf', b'%PDF-1.7'))"
STRANGE = "import sys; sys.stdout.buffer.write(b'\\x01\\xff' + bytes(300))"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (ENDLESS, FileFault.TOO_SLOW),
        (SLEEPING, FileFault.TOO_SLOW),
        (TALKING, FileFault.TOO_SLOW),
        (DYING, FileFault.BROKEN),
        (LYING, FileFault.BROKEN),
        (OTHER, FileFault.BROKEN),
        (STRANGE, FileFault.BROKEN),
        ("pass", FileFault.BROKEN),
    ],
)
def test_parent_outlives_any_child(code: str, fault: FileFault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        parent, "_COMMAND", (sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}")
    )
    monkeypatch.setattr(parent, "_WALL_CLOCK", 3.0)
    monkeypatch.setattr(parent, "_GRACE", 0.2)
    with pytest.raises(FileError) as caught:
        clean_file(pictures.saved(pictures.draw(), "JPEG"))
    assert caught.value.reason is fault


def test_child_that_cannot_start_is_nobodys_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "_COMMAND", (sys.executable, "-I", "-m", "tips.cleaning.no_such_module"))
    with pytest.raises(RuntimeError):
        clean_file(pictures.saved(pictures.draw(), "JPEG"))


def test_two_children_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    ask = parent._ask_child

    def counted(data: bytes, *, disguise_voice: bool) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        try:
            return ask(data, disguise_voice=disguise_voice)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(parent, "_ask_child", counted)
    data = pictures.saved(pictures.draw(), "JPEG")
    done: list[CleanFile] = []
    workers = [threading.Thread(target=lambda: done.append(clean_file(data))) for _ in range(5)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(done) == 5
    assert most == 2


def test_two_notes_are_shifted_differently() -> None:
    data = media.voice(seconds=1)
    assert clean_file(data).content != clean_file(data).content
