"""Giving one or more weeks to the co-mentor: asked, answered, read."""
