"""What the bot says, as files that an editor can change, and the code that reads, checks and renders them.

topics/ questions/ phrases/ languages/ sources.yml hotlines.yml places.yml are the content, besides files of other rooms
(Library.extra). files.py and stock.py read them, library.py takes what holds on a day, shelf.py always has the newest;
render.py and excerpts.py make replies; check.py says what is wrong. docs/adding-content.md is the editor's page,
docs/content.md tells how it works.
"""
