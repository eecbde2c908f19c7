"""The police's half of a tip.

Officers and their keys (`officers`), the store behind the dropbox (`store`), and what an officer does with a tip
(`inbox`, `listing`, `opening`, `status`), each act with its row in the audit log (`audit`).

The private half of an officer's key is in memory only while they are signed in; without a grant nothing opens.
"""
