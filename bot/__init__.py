"""The citizens' door: `channels/`, the conversation (who has the floor), updates, language.

A channel makes an `Inbound` (inbound.py) of what a person sent; the conversation answers with `Reply` (content/reply.py).
"""
