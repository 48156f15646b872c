"""Jeg vil stoppe eller skifte."""

from flask import Blueprint

pages = Blueprint("wishes", __name__)
