"""What a leader does about the weeks of a mentorship."""

from flask import Blueprint

pages = Blueprint("leader_weeks", __name__)
