"""written before acknowledged, screens, answers watched, outbox"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_watch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("expires_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_watch")),
    )
    with op.batch_alter_table("answer_watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_watch_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_watch_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_table(
        "inbound_update",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seen_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_inbound_update")),
        sa.UniqueConstraint("key", name=op.f("uq_inbound_update_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("inbound_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_update_seen_at"), ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_update_state"), ["state"], unique=False)

    op.create_table(
        "outbox_tip",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lookup", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_tip")),
        sa.UniqueConstraint("lookup", name=op.f("uq_outbox_tip_lookup")),
    )
    with op.batch_alter_table("outbox_tip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_tip_next_at"), ["next_at"], unique=False)

    op.create_table(
        "screen",
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_screen")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screen_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "tip_draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["ref"], ["tip_draft.ref"], name=op.f("fk_tip_draft_file_ref"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_draft_file")),
    )
    with op.batch_alter_table("tip_draft_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tip_draft_file_ref"), ["ref"], unique=False)
    # Drafts of the last day lose their photos, and an update of the last two days could come twice: once, at this step.
    op.drop_table("tip_draft_photo")
    op.drop_table("seen_update")


def downgrade() -> None:
    op.create_table(
        "seen_update",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("seen_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_seen_update")),
    )
    op.create_index(op.f("ix_seen_update_seen_at"), "seen_update", ["seen_at"])
    op.create_table(
        "tip_draft_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["tip_draft.ref"], name=op.f("fk_tip_draft_photo_ref"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_draft_photo")),
    )
    op.create_index(op.f("ix_tip_draft_photo_ref"), "tip_draft_photo", ["ref"])
    with op.batch_alter_table("tip_draft_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tip_draft_file_ref"))

    op.drop_table("tip_draft_file")
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screen_seen_at"))

    op.drop_table("screen")
    with op.batch_alter_table("outbox_tip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_tip_next_at"))

    op.drop_table("outbox_tip")
    with op.batch_alter_table("inbound_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_update_state"))
        batch_op.drop_index(batch_op.f("ix_inbound_update_seen_at"))

    op.drop_table("inbound_update")
    op.drop_table("duty")
    with op.batch_alter_table("answer_watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_watch_expires_at"))
        batch_op.drop_index(batch_op.f("ix_answer_watch_due_at"))

    op.drop_table("answer_watch")
