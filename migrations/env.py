"""Alembic's entry: migrations run on the connection that `intake.migrating` hands over."""

from alembic import context

from intake.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,  # the engine begins SQLite's transactions itself, so its DDL rolls back too
    transaction_per_migration=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
