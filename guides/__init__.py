"""Guided talks: the bot asks back, a question at a time, about the person's own case.

A guide (port.py) says what it asks and what it makes of the answers; what it must remember between two messages it gives back
as JSON values, which the conversation seals beside the menu and forgets within the hour. docs/guides.md tells how to add one.
"""
