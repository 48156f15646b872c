"""Why a reminder came: said in the app, never on a lock screen."""

from flask import Flask, request

from app.domain import news
from app.language import mark, say

REASONS = {
    news.EVALUATION: mark("Du havde aftalt et møde, og det er ikke logget endnu."),
    news.AGAIN: mark("Mødet, du havde aftalt, er ikke logget endnu."),
    news.SCORES: mark("Din medmentor har logget et møde, du var med til. Vi mangler dine to svar."),
    news.WEEK: mark("Din uge begynder."),
    news.NO_CONTACT: mark("Der er ikke logget kontakt i din uge endnu."),
    news.ASKED: mark("Din medmentor spørger, om du tager en uge."),
    news.GIVEN: mark("Aktivitetslederen har givet dig en eller flere uger."),
    news.ANSWERED: mark("Din medmentor har svaret om de uger, du gav videre."),
    news.UNCOVERED: mark("Der er en uge, som ingen har."),
    news.AGREEMENT: mark("Samarbejdsaftalen skal gennemgås før det første besøg."),
    news.RELEASE_MEETING: mark(
        "Om en uge er der fire uger til løsladelsen. Så er det tid til løsladelsesmødet."
    ),
    news.RELEASE_WEEK: mark("Løsladelsen er i denne uge."),
    news.FOLLOW_UP: mark(
        "Om en uge er det seks måneder siden løsladelsen. Så er det tid til opfølgning."
    ),
    news.GOODBYE: mark(
        "Om fire uger slutter forløbet efter planen. Tal om, hvordan I siger farvel."
    ),
    news.PLANNED_END: mark("I dag slutter forløbet efter planen."),
    news.PAUSE: mark("Forløbet har været på pause i fjorten dage."),
    news.SILENCE: mark("Der er længe ikke logget møde eller kontakt i forløbet."),
    news.WELLBEING: mark("En mentors svar tyder på, at det er svært at være mentor lige nu."),
    news.DIGEST: mark("Ugens overblik til dig som aktivitetsleder."),
    news.CLOSURE: mark("Der er foreslået en afslutning. Den venter på dig."),
    news.CLOSED: mark("Aktivitetslederen har godkendt, at forløbet slutter."),
    news.SENT_BACK: mark("Aktivitetslederen har sendt jeres forslag tilbage."),
    news.MOVED: mark("Noget er flyttet i jeres forløb. Se, hvad det er."),
    news.MATCH: mark("Aktivitetslederen foreslår et match."),
    news.MATCH_ANSWERED: mark("Der er svar på et match, du har foreslået."),
    news.ALERT: mark("En mentor vil tale med dig nu. Ring."),
    news.DECIDED: mark("Aktivitetslederen har svaret om jeres aftale."),
    news.REFERRAL: mark("En henvisning har ventet i en uge."),
    news.CLEARANCE: mark("En mentors sikkerhedsgodkendelse udløber snart."),
    news.NEW_DEVICE: mark("Der er logget ind med dit navn på en enhed, vi ikke kendte."),
    news.ACCESS_CHANGED: mark("Den måde, du logger ind på, er ændret."),
    news.GUESSED: mark(
        "Der er skrevet en forkert kode fem gange i dit navn. Var det ikke dig, så skift din "
        "adgangskode, og sig det til konsulenten."
    ),
    news.READDRESSED: mark(
        "Den e-mail, du logger ind med, er skiftet. Var det en fejl, så ring til konsulenten."
    ),
    news.RENUMBERED: mark("En mentor har skiftet telefonnummer."),
    news.WATCH: mark("Nogen har læst mere om deltagere, end de plejer. Se adgangsloggen."),
    news.FAREWELL: mark("Du er stoppet som frivillig. Din tavshedspligt gælder stadig."),
    news.INVITED: mark("Du er inviteret."),
    news.GATHERING: mark("Der er planlagt et mentormøde eller en supervision. Se hvornår her."),
    news.WISH: mark("En mentor vil stoppe eller skifte. Ring til mentoren."),
    news.EXPENSE: mark("En mentor beder om penge af det faste beløb."),
    news.IDLE: mark("En mentor har ventet på en deltager i 60 dage."),
    news.TRIAL: mark("Du bad om en prøve. Så virker det."),
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
