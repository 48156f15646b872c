"""Everything that knows HTTP: a blueprint, a form and thin routes per noun."""

from flask import Flask

from app.domain.contacts import KINDS
from app.domain.meetings import OUTCOMES
from app.domain.plain_text import FORBIDDEN
from app.house import House
from app.web import (
    absences,
    agreements,
    alerts,
    because,
    calendar,
    closures,
    consultant,
    contacts,
    errors,
    exit_forms,
    follow_ups,
    grants,
    guard,
    guides,
    handovers,
    health,
    home,
    hypertext,
    installing,
    intakes,
    leader,
    leader_alerts,
    leader_closures,
    leader_exit_forms,
    leader_follow_ups,
    leader_gatherings,
    leader_grants,
    leader_matches,
    leader_mentors,
    leader_moves,
    leader_referrals,
    leader_reminders,
    leader_weeks,
    lending,
    logs,
    matches,
    meetings,
    mentorships,
    outbox,
    partners,
    pauses,
    plans,
    profile,
    profiles,
    reminders,
    shell,
    shown_move,
    sign_in,
    stand_ins,
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
    alerts,
    grants,
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
    leader,
    leader_weeks,
    leader_moves,
    leader_referrals,
    intakes,
    lending,
    leader_matches,
    matches,
    leader_mentors,
    leader_gatherings,
    leader_alerts,
    leader_grants,
    stand_ins,
    partners,
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
