"""The access log in words: what was done, on what kind of page, by whom in which role."""

from app.domain import trail
from app.domain.people import CONSULTANT, LEADER, MENTOR
from app.language import mark, say
from app.web.permits import CONSULTANTS, LEADERS

ROLES = {
    MENTOR: mark("Mentor"),
    LEADER: mark("Aktivitetsleder"),
    CONSULTANT: mark("Konsulent"),
}
REASONS = {  # why somebody opens what lies behind a reason, or takes it out
    "access": mark("Deltageren har bedt om indsigt"),
    "complaint": mark("En klage"),
    "incident": mark("En bekymring eller en hændelse"),
    "cover": mark("Aktivitetslederen er væk"),
    "check": mark("Stikprøve af adgangsloggen"),
    "error": mark("En fejl skal rettes"),
    "authority": mark("Datatilsynet eller en revisor spørger"),
}
FIELDS = {  # what was put right
    "first_name": mark("Fornavn"),
    "surname": mark("Efternavn"),
    "email": mark("E-mail"),
    "phone": mark("Telefon"),
    "municipality_id": mark("Kommune"),
    "branch_id": mark("Afdeling"),
    "received_on": mark("Modtaget"),
    "source": mark("Henvist af"),
    "source_phone": mark("Kontorets telefon"),
}
PAGES = {  # by blueprint: what was on the page
    "home": mark("I dag"),
    "meetings": mark("Møder"),
    "logs": mark("Mødeevaluering"),
    "contacts": mark("Kontakt"),
    "weeks": mark("Uger"),
    "handovers": mark("Uger, der er givet videre"),
    "absences": mark("Fravær"),
    "plans": mark("Aftalte møder"),
    "calendar": mark("Kalender"),
    "mentorships": mark("Forløb"),
    "agreements": mark("Samarbejdsaftale"),
    "alerts": mark("Bekymring eller brudt aftale"),
    "grants": mark("Det faste beløb"),
    "start_forms": mark("Startskema"),
    "threads": mark("Tråden mellem mentorerne"),
    "pauses": mark("Pause"),
    "closures": mark("Afslutning"),
    "follow_ups": mark("Opfølgning"),
    "matches": mark("Forslag om match"),
    "outbox": mark("Udbakke"),
    "profile": mark("Mig"),
    "own_data": mark("Mine oplysninger"),
    "my_access": mark("Sådan logger jeg ind"),
    "locked": mark("Lås"),
    "my_sign_ins": mark("Hvor jeg er logget ind"),
    "privacy": mark("Privatliv"),
    "hiding": mark("Skjul"),
    "profiles": mark("Profil og krav"),
    "reminders": mark("Påmindelser"),
    "wishes": mark("Stoppe eller skifte"),
    "guides": mark("Regler og guider"),
    "leader": mark("Overblik og forløb"),
    "leader_access": mark("Hvem har læst"),
    "readings": mark("Hvem har læst"),
    "leader_consents": mark("Samtykker"),
    "leader_corrections": mark("Ret oplysningerne"),
    "leader_extracts": mark("Udtræk af alt"),
    "leader_weeks": mark("Uger og mentorer"),
    "leader_moves": mark("Flytning"),
    "leader_owners": mark("Ansvar"),
    "leader_referrals": mark("Henvisning"),
    "intakes": mark("Startskema"),
    "lending": mark("Lån af telefon"),
    "leader_matches": mark("Match"),
    "leader_mentors": mark("Mentorer"),
    "leader_gatherings": mark("Mentormøder"),
    "leader_alerts": mark("Bekymringer"),
    "leader_grants": mark("Det faste beløb"),
    "stand_ins": mark("Stedfortræder"),
    "partners": mark("Partnere"),
    "leader_closures": mark("Afslutninger"),
    "leader_exit_forms": mark("Slutskema"),
    "leader_follow_ups": mark("Opfølgning"),
    "leader_reminders": mark("Påmindelser"),
    "exit_forms": mark("Slutskema"),
    "consultant": mark("Landet"),
    "consultant_closures": mark("Afslutninger"),
    "consultant_erasures": mark("Sletning"),
    "leader_erasures": mark("Sletning"),
    "consultant_exit_forms": mark("Slutskemaer som tal"),
    "consultant_imports": mark("Import"),
    "consultant_laws": mark("Paragraffer"),
    "consultant_lives": mark("Forløb, med grund"),
    "consultant_owners": mark("Ansvar"),
    "consultant_places": mark("Afdelinger og institutioner"),
    "consultant_rules": mark("Tal, I bestemmer"),
    "consultant_staff": mark("Personer"),
    "consultant_trail": mark("Adgangslog"),
}
NOUNS = {
    "absence": mark("fravær"),
    "agreement": mark("samarbejdsaftale"),
    "alarm": mark("alarm"),
    "branch": mark("afdeling"),
    "backup": mark("sikkerhedskopi"),
    "broken": mark("brudt aftale"),
    "call": mark("opkald til mentor"),
    "closure": mark("afslutning"),
    "concern": mark("bekymring"),
    "consent": mark("samtykke"),
    "contact": mark("kontakt"),
    "debrief": mark("samtale med mentorerne"),
    "device": mark("enhed"),
    "erasure": mark("sletning"),
    "exit_form": mark("slutskema"),
    "exit_link": mark("link til slutskema"),
    "expense": mark("udgift"),
    "extract": mark("udtræk"),
    "feed": mark("kalender"),
    "follow_up": mark("opfølgning"),
    "gathering": mark("mentormøde"),
    "grant": mark("fast beløb"),
    "guide": mark("regler"),
    "handover": mark("uger"),
    "key": mark("nøgle"),
    "hours": mark("tider for påmindelser"),
    "import": mark("afviste rækker"),
    "institution": mark("institution"),
    "intake": mark("startskema"),
    "match": mark("match"),
    "match_choice": mark("valg i kataloget"),
    "meeting": mark("møde"),
    "mentor": mark("mentor"),
    "mentorship": mark("forløb"),
    "municipality": mark("kommune"),
    "opening": mark("åbning med grund"),
    "partner": mark("partner"),
    "pause": mark("pause"),
    "participant": mark("deltager"),
    "person": mark("person"),
    "plan": mark("aftalt møde"),
    "preference": mark("ønsker til påmindelser"),
    "profile": mark("profil"),
    "referral": mark("henvisning"),
    "release": mark("løsladelse"),
    "requirement": mark("krav"),
    "rhythm": mark("rytme"),
    "role": mark("rolle"),
    "sample": mark("stikprøve"),
    "seat": mark("plads i parret"),
    "setting": mark("tal, I bestemmer"),
    "sign_in": mark("login"),
    "stand_in": mark("stedfortræder"),
    "thread_note": mark("note i tråden"),
    "trail": mark("adgangslog"),
    "wish": mark("ønske om at stoppe eller skifte"),
}
ACTIONS = {
    trail.READ: mark("Læst"),
    trail.LOGGED: mark("Skrevet"),
    trail.JOINED: mark("Kommet til"),
    trail.EDITED: mark("Rettet"),
    trail.TOOK_BACK: mark("Taget tilbage"),
    trail.ASKED: mark("Spurgt"),
    trail.TOOK_ON: mark("Sagt ja"),
    trail.DECLINED: mark("Sagt nej"),
    trail.HANDED_OVER: mark("Givet videre"),
    trail.READ_NOTE: mark("Læst en besked"),
    trail.LEFT: mark("Sluttet"),
    trail.MERGED: mark("Lagt sammen"),
    trail.SEPARATED: mark("Skilt ad"),
    trail.ACCEPTED: mark("Godkendt"),
    trail.PLANNED: mark("Aftalt"),
    trail.CALLED_OFF: mark("Aflyst"),
    trail.LINKED: mark("Lavet link"),
    trail.UNLINKED: mark("Lukket link"),
    trail.PAUSED: mark("Sat på pause"),
    trail.PROLONGED: mark("Forlænget"),
    trail.RESUMED: mark("Begyndt igen"),
    trail.PROPOSED: mark("Foreslået"),
    trail.APPROVED: mark("Godkendt"),
    trail.RETURNED: mark("Sendt tilbage"),
    trail.REOPENED: mark("Åbnet igen"),
    trail.SETTLED: mark("Talt igennem"),
    trail.MOVED: mark("Flyttet"),
    trail.CONSENTED: mark("Sagt ja til"),
    trail.LENT: mark("Lånt ud"),
    trail.GIVEN_BACK: mark("Givet tilbage"),
    trail.MATCHED: mark("Matchet"),
    trail.RAISED: mark("Meldt"),
    trail.AGREED: mark("Aftalt"),
    trail.SIGNED_IN: mark("Logget ind"),
    trail.SIGNED_OUT: mark("Logget ud"),
    trail.ERASED: mark("Slettet"),
    trail.INVITED: mark("Inviteret"),
    trail.PROVED: mark("Vist, hvem det er"),
    trail.RENEWED: mark("Skiftet vej ind"),
    trail.HELPED: mark("Givet en kode til at komme ind"),
    trail.CAME_IN: mark("Kommet ind"),
    trail.IMPORTED: mark("Importeret"),
    trail.OPENED: mark("Åbnet med grund"),
    trail.EXPORTED: mark("Eksporteret"),
    trail.DISCLOSED: mark("Udleveret"),
    trail.LOOKED_AT: mark("Set efter"),
    trail.RESTORED: mark("Lagt tilbage"),
    trail.ROLLED: mark("Skiftet"),
    trail.FADED: mark("Tekster slettet"),
    trail.SEALED: mark("Forseglet og slettet det ældste af"),
}


def page_word(kind: str | None) -> str:
    """What kind of page an endpoint is of."""
    return say(PAGES.get((kind or "").partition(".")[0], mark("En side")))


# Whoever reads these words is not told that a concern was raised, or that a mentor wants to stop.
SAID_AS = {"alerts": "mentorships", "wishes": "mentorships", "leader_alerts": "leader"}


def quiet_word(kind: str) -> str:
    """A page as the pair and the participant are told of it."""
    blueprint = kind.partition(".")[0]
    return page_word(SAID_AS.get(blueprint, blueprint))


def deed(action: str, kind: str) -> str:
    """An entry as a sentence: what was done, to what."""
    if action in (trail.SIGNED_IN, trail.SIGNED_OUT):
        return say(ACTIONS[action])
    what = page_word(kind) if action == trail.READ else say(NOUNS.get(kind, kind))
    return f"{say(ACTIONS.get(action, action))}: {what}"


def reader_role(kind: str) -> str:
    """What the reader was, by the page that was read."""
    if kind in LEADERS:
        return say(ROLES[LEADER])
    return say(ROLES[CONSULTANT if kind in CONSULTANTS else MENTOR])


def reason_word(code: str | None) -> str | None:
    """Why, or which field of it."""
    words = REASONS | FIELDS
    return say(words[code]) if code in words else None
