"""lanes, originals, custodians, duty calls, retention"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "custodian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custodian")),
        sa.UniqueConstraint("login", name=op.f("uq_custodian_login")),
    )
    op.create_table(
        "purge_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_report")),
    )
    with op.batch_alter_table("purge_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purge_report_at"), ["at"], unique=False)

    op.create_table(
        "duty_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_address_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_address")),
    )
    with op.batch_alter_table("duty_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_address_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "old_key",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_old_key_tip_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tip_id", "version", name=op.f("pk_old_key")),
    )
    op.create_table(
        "duty_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["duty_address.id"], name=op.f("fk_duty_call_address_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_call")),
    )
    with op.batch_alter_table("duty_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_call_next_at"), ["next_at"], unique=False)

    op.create_table(
        "original_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("part_id", sa.String(length=32), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["officer.id"], name=op.f("fk_original_request_first_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_original_request_part_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["officer.id"], name=op.f("fk_original_request_second_id")),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_original_request_tip_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_original_request")),
    )
    with op.batch_alter_table("original_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_original_request_part_id"), ["part_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_original_request_tip_id"), ["tip_id"], unique=False)

    op.create_table(
        "original_share",
        sa.Column("part_id", sa.String(length=32), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["officer.id"], name=op.f("fk_original_share_first_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_original_share_part_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["officer.id"], name=op.f("fk_original_share_second_id")),
        sa.PrimaryKeyConstraint("part_id", "first_id", "second_id", name=op.f("pk_original_share")),
    )
    op.create_table(
        "recovery_share",
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["custodian.id"], name=op.f("fk_recovery_share_first_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_recovery_share_officer_id")),
        sa.ForeignKeyConstraint(["second_id"], ["custodian.id"], name=op.f("fk_recovery_share_second_id")),
        sa.PrimaryKeyConstraint("officer_id", "first_id", "second_id", name=op.f("pk_recovery_share")),
    )
    op.create_table(
        "original_key",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_original_key_officer_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["original_request.id"], name=op.f("fk_original_key_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "officer_id", name=op.f("pk_original_key")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("clean_id", sa.String(length=32), nullable=True))

    # With constant defaults SQLite adds columns in place. A table made anew would take grants and parts with it (cascade).
    with op.batch_alter_table("tip", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("lane", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("closed_on", db.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("keep_until", db.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("legal_hold", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("tip", schema=None) as batch_op:
        batch_op.drop_column("legal_hold")
        batch_op.drop_column("keep_until")
        batch_op.drop_column("closed_on")
        batch_op.drop_column("lane")
        batch_op.drop_column("key_version")

    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_column("clean_id")

    op.drop_table("original_key")
    op.drop_table("recovery_share")
    op.drop_table("original_share")
    with op.batch_alter_table("original_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_original_request_tip_id"))
        batch_op.drop_index(batch_op.f("ix_original_request_part_id"))

    op.drop_table("original_request")
    with op.batch_alter_table("duty_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_call_next_at"))

    op.drop_table("duty_call")
    op.drop_table("old_key")
    with op.batch_alter_table("duty_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_address_unit_id"))

    op.drop_table("duty_address")
    with op.batch_alter_table("purge_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purge_report_at"))

    op.drop_table("purge_report")
    op.drop_table("custodian")
