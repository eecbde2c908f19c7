"""Somebody came back, or is on the way: where, how old, still threatened; then the steps at that place, and who gets what."""

from guides.back.guide import BackGuide

__all__ = ["BackGuide"]
