"""Sæt på pause."""

from flask import Blueprint

pages = Blueprint("pauses", __name__)
