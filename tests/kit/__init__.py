"""Doubles for tests: the servers of Telegram and Zalo on loopback, over real HTTP, and people who use them.

serving.py runs an app in a thread, people.py is what all people can do, telegram_api.py the methods
of fake_telegram.py, memory.py a conversation without an engine.
"""
