"""The calendar link, and one meeting for the phone's own calendar."""

from flask import Blueprint

pages = Blueprint("calendar", __name__)
