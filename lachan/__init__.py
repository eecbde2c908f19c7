"""The command line, the settings, and the one place where everything is put together (app.py). Nothing imports this room."""
