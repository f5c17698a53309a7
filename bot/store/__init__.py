"""What outlives the process: tables, migrations and the one way to work with them, on SQLite and PostgreSQL."""
