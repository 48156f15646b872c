"""Tables and rules. Nothing here knows a request or a page, and nothing commits."""
