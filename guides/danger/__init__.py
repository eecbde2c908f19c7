"""In danger now: the numbers first, then three short questions, and what fits the answers. docs/danger-guide.md.

abroad.py knows the countries' numbers (content/abroad.yml), hearing.py reads short answers; both serve the guides for
relatives and for those who came back as well.
"""

from guides.danger.guide import DangerGuide

__all__ = ["DangerGuide"]
