"""Fravær: one range of days proposes all its weeks."""

from flask import Blueprint

pages = Blueprint("absences", __name__)
