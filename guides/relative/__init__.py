"""A relative who is gone: what is known is asked step by step, and becomes a sheet to print that is kept nowhere.

guide.py leads through the talk, answers.py keeps what was said, sheet.py says what stands on the sheet, pdf.py draws it.
The font: Be Vietnam Pro (SIL OFL, web/static/fonts/OFL.txt), the two subsets of web/static/fonts joined to one TrueType file
a weight without layout tables, by `python -m guides.relative.fonts`.
"""

from guides.relative.guide import RelativeGuide

__all__ = ["RelativeGuide"]
