"""Cleans attached files of what tells who made them, where and when, in a child process that can reach nothing.

`clean_file` is all that others need (docs/attachments.md). It is synchronous and may take seconds.
"""

from tips.cleaning.kinds import FILE_LIMIT, CleanFile, FileError, FileFault, FileKind
from tips.cleaning.parent import clean_file

__all__ = ["FILE_LIMIT", "CleanFile", "FileError", "FileFault", "FileKind", "clean_file"]
