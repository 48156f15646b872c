"""Runs the migrations of one store: data or keys, as the caller says."""

from alembic import context

engine = context.config.attributes["engine"]
metadata = context.config.attributes["metadata"]
on_sqlite = engine.dialect.name == "sqlite"


def ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    """The queue's timer keeps tables of its own in the same database."""
    return kind != "table" or not (name or "").startswith("huey_")


with engine.execution_options(writes=True).connect() as connection:
    raw = connection.connection.driver_connection
    if on_sqlite:
        # A table rebuilt with foreign keys on would take all its children's rows with it.
        raw.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
        include_object=ours,
    )
    with connection.begin():
        context.run_migrations()
        if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise RuntimeError("the migration would leave rows without their parents")
    if on_sqlite:
        raw.execute("PRAGMA foreign_keys=ON")
