"""Measures what a person and a machine feel, beside Rasa as it comes. Numbers are read, never asserted.

Every figure is taken in a process of its own, so that start and memory are those of a fresh one:
`ours.py` is run by this interpreter, `stock.py` by that of Rasa's own environment (made by `stock_bot.py`).
"""
