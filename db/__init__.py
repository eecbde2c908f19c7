"""Two stores and the keys beside them: the citizens' (routing, quiz, contests) and the police's (sealed tips, audit).

The stores share no engine, no key and no column value; `db/migrations/` has one Alembic history for each.
"""
