"""What a message means beside other words: what only the talk before it explains, and where one message has two wishes. Pure."""
