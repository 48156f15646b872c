"""Everything that knows HTTP: a blueprint, a form and thin routes per noun."""

from flask import Flask

from app.domain.contacts import KINDS
from app.domain.meetings import OUTCOMES
from app.domain.plain_text import FORBIDDEN
from app.house import House
from app.web import (
    absences,
    agreements,
    because,
    calendar,
    closures,
    consultant,
    consultant_imports,
    consultant_places,
    consultant_rules,
    consultant_staff,
    contacts,
    errors,
    guard,
    guides,
    handovers,
    health,
    home,
    hypertext,
    installing,
    intakes,
    invitations,
    leader,
    leader_closures,
    leader_gatherings,
    leader_mentors,
    leader_moves,
    leader_referrals,
    leader_reminders,
    leader_weeks,
    lending,
    logs,
    meetings,
    mentorships,
    outbox,
    pauses,
    plans,
    profile,
    profiles,
    reminders,
    shell,
    shown_move,
    sign_in,
    start_forms,
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
    agreements,
    start_forms,
    threads,
    pauses,
    closures,
    profile,
    profiles,
    reminders,
    wishes,
    guides,
    outbox,
    shell,
    installing,
    invitations,
    leader,
    leader_weeks,
    leader_moves,
    leader_referrals,
    intakes,
    lending,
    leader_mentors,
    leader_gatherings,
    leader_closures,
    leader_reminders,
    consultant,
    consultant_imports,
    consultant_places,
    consultant_rules,
    consultant_staff,
)
WORDS = {  # the sentences for codes that templates choose among; each stands once, beside its code
    "outcome_words": OUTCOMES,
    "contact_words": KINDS,
    "milestone_words": shown_move.MILESTONES,
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
