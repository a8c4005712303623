"""Django's SQLite backend, with the writers standing in line."""
