"""Looks for holes with other people's tools, each proven on holes that were dug for it."""
