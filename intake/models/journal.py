"""Who did what to which case when; append-only, each line chained to the one before."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, column, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Moment, of_those

# The lines that tell how accounts came to be: a few of very many, which each tick reads. Literals, for an index of some
# rows is used where its very words are asked.
OF_ACCOUNTS = column("act").in_(
    [literal_column(f"'{act}'") for act in ("created", "invited", "disabled", "joined")]
)


class JournalLine(Base):
    """One line. It names no content and, for what a reporter did, the day alone."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_accounts", "number", **of_those(OF_ACCOUNTS)),
        Index("ix_journal_at", "at", "number"),
        Index("ix_journal_actor", "actor", "at", "number"),
        Index("ix_journal_vault", "vault", "at", "number"),
        Index("ix_journal_act", "act", "at", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    vault: Mapped[str | None] = mapped_column(String(40))  # whose line it is, when it was written
