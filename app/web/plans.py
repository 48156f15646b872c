"""Aftaler: the planned meetings of the pair."""

from flask import Blueprint

pages = Blueprint("plans", __name__)
