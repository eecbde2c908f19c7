"""What the bot says, as files that an editor can change, and the code that reads, checks and renders them.

topics/ questions/ phrases/ sources.yml hotlines.yml places.yml are the content; library.py reads them into the types of
model.py, render.py makes replies of them, check.py says what is wrong. docs/adding-content.md is the editor's page.
"""
