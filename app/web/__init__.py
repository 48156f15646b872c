"""Everything that knows HTTP: a blueprint, a form and thin routes per noun."""

from flask import Flask

from app.domain.contacts import KINDS
from app.domain.meetings import OUTCOMES
from app.domain.plain_text import FORBIDDEN
from app.house import House
from app.web import (
    absences,
    because,
    calendar,
    closures,
    consultant,
    contacts,
    errors,
    exit_forms,
    follow_ups,
    guard,
    guides,
    handovers,
    health,
    home,
    hypertext,
    installing,
    leader,
    leader_closures,
    leader_exit_forms,
    leader_follow_ups,
    leader_reminders,
    leader_weeks,
    logs,
    meetings,
    mentorships,
    outbox,
    pauses,
    plans,
    profile,
    reminders,
    shell,
    sign_in,
    static,
    threads,
    weeks,
    wishes,
)

PAGES = (
    sign_in,
    home,
    meetings,
    logs,
    contacts,
    weeks,
    handovers,
    absences,
    plans,
    calendar,
    mentorships,
    threads,
    pauses,
    closures,
    profile,
    reminders,
    wishes,
    guides,
    outbox,
    shell,
    installing,
    leader,
    leader_weeks,
    leader_closures,
    leader_exit_forms,
    leader_follow_ups,
    exit_forms,
    follow_ups,
    leader_reminders,
    consultant,
)
WORDS = {  # the sentences for codes that templates choose among; each stands once, beside its code
    "outcome_words": OUTCOMES,
    "contact_words": KINDS,
    "milestone_words": mentorships.MILESTONES,
    "forbidden": {sign: sentence for sign, _, sentence in FORBIDDEN},
}


def install(app: Flask, house: House) -> None:
    """Hang the pages on the app, closed by default."""
    static.install(app, house)
    hypertext.install(app, WORDS)
    because.install(app)
    guard.install(app)
    errors.install(app)
    for page in (*PAGES, health):
        app.register_blueprint(page.pages)
