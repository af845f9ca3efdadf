"""What alembic runs to bring a database up to date; `database.open_database` hands over the connection."""

from alembic import context

from npswidgets.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
