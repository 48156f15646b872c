"""Why a reminder came: said in the app, never on a lock screen."""

from flask import Flask, request

from app.domain import notices
from app.language import mark, say

REASONS = {
    notices.EVALUATION: mark("Du havde aftalt et møde, og det er ikke logget endnu."),
    notices.AGAIN: mark("Mødet, du havde aftalt, er ikke logget endnu."),
    notices.SCORES: mark(
        "Din medmentor har logget et møde, du var med til. Vi mangler dine to svar."
    ),
    notices.WEEK: mark("Din uge begynder."),
    notices.NO_CONTACT: mark("Der er ikke logget kontakt i din uge endnu."),
    notices.ASKED: mark("Din medmentor spørger, om du tager en uge."),
    notices.GIVEN: mark("Aktivitetslederen har givet dig en eller flere uger."),
    notices.ANSWERED: mark("Din medmentor har svaret om de uger, du gav videre."),
    notices.UNCOVERED: mark("Der er en uge, som ingen har."),
    notices.AGREEMENT: mark("Samarbejdsaftalen skal gennemgås før det første besøg."),
    notices.RELEASE_MEETING: mark(
        "Om en uge er det fire uger før løsladelsen: tid til løsladelsesmødet."
    ),
    notices.RELEASE_WEEK: mark("Det er ugen for løsladelsen."),
    notices.FOLLOW_UP: mark("Om en uge er det seks måneder siden løsladelsen: tid til opfølgning."),
    notices.GOODBYE: mark(
        "Om fire uger slutter forløbet efter planen. Tal om, hvordan I siger farvel."
    ),
    notices.PLANNED_END: mark("I dag slutter forløbet efter planen."),
    notices.PAUSE: mark("Forløbet har været på pause i fjorten dage."),
    notices.SILENCE: mark("Ingen i forløbet har logget møde eller kontakt i fjorten dage."),
    notices.WELLBEING: mark("En mentors svar tyder på, at det er svært at være mentor lige nu."),
    notices.DIGEST: mark("Ugens overblik til dig som aktivitetsleder."),
    notices.CLOSURE: mark("Et par har foreslået, at deres forløb slutter."),
    notices.CLOSED: mark("Aktivitetslederen har godkendt, at forløbet slutter."),
    notices.SENT_BACK: mark("Aktivitetslederen har sendt jeres forslag tilbage."),
    notices.MOVED: mark("Der er flyttet noget i jeres forløb: se, hvad det er."),
    notices.MATCH: mark("Aktivitetslederen foreslår et match."),
    notices.MATCH_ANSWERED: mark("Der er svar på et match, du har foreslået."),
    notices.ALERT: mark("En mentor vil tale med dig nu. Ring."),
    notices.DECIDED: mark("Aktivitetslederen har svaret om jeres aftale."),
    notices.REFERRAL: mark("En henvisning har ventet i en uge."),
    notices.CLEARANCE: mark("En mentors sikkerhedsgodkendelse udløber snart."),
    notices.NEW_DEVICE: mark("Der er logget ind med dit navn på en enhed, vi ikke kendte."),
    notices.ACCESS_CHANGED: mark("Den måde, du logger ind på, er ændret."),
    notices.WATCH: mark("Nogen har læst mere om deltagere, end de plejer. Se adgangsloggen."),
    notices.INVITED: mark("Du er inviteret."),
    notices.IDLE: mark("En mentor har ventet på en deltager i 60 dage."),
    notices.TRIAL: mark("Du bad om en prøve. Så virker det."),
}


def sentence(reminder: str) -> str:
    return say(REASONS[reminder])


def asked_for() -> str | None:
    """For the page that a reminder has opened; any other word in the address says nothing."""
    reason = REASONS.get(request.args.get("hvorfor", ""))
    return say(reason) if reason else None


def install(app: Flask) -> None:
    """Every page can say it."""
    for environment in app.extensions["tongues"].values():
        environment.globals["because"] = asked_for
