"""Giv ugen videre: ask, answer, read, withdraw."""

from flask import Blueprint

pages = Blueprint("handovers", __name__)
