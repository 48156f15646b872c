"""The pair's thread."""

from flask import Blueprint

pages = Blueprint("threads", __name__)
