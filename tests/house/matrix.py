"""Who gets which answer from every route: the rights of product.md section 3, as a table.

A route that is missing here fails `test_routes.py`. The columns:
out: signed out · far: a mentor of another branch · chief: that branch's leader · wrong: someone of
the same branch without the role · right: the one it is made for, named in `who`.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from app import clock
from app.domain.rules import RULES


class Answers(NamedTuple):
    out: int
    far: int
    chief: int
    wrong: int
    right: int


@dataclass(frozen=True)
class Route:
    method: str
    rule: str
    answers: Answers
    who: str = "Anna"
    wrong: str = "Lise"
    send: dict[str, str] = field(default_factory=dict)  # "@name" stands for an id of the test's own
    meeting: str = "held"  # which of the test's meetings the rule is about


A_PAGE = Answers(303, 200, 403, 403, 200)  # every mentor has one of their own
OF_ONE = Answers(303, 404, 403, 403, 200)  # of one mentorship: others do not learn that it exists
A_VERB = Answers(303, 404, 403, 403, 303)
FOR_ALL = Answers(303, 200, 200, 200, 200)  # everyone who is signed in
ALL_ACT = Answers(303, 303, 303, 303, 303)
WRONG_FOR_ALL = Answers(422, 422, 422, 422, 422)
WRONG_PROOF = Answers(303, 422, 422, 422, 422)
OF_ME = Answers(303, 404, 404, 404, 303)  # of one person: others do not learn that it exists
OF_ASKED = Answers(303, 404, 403, 403, 200)  # only the mentors who are asked
ASKED_VERB = Answers(303, 404, 403, 403, 303)
LEADS = Answers(303, 403, 200, 403, 200)  # every leader has one of their own
LED = Answers(303, 403, 404, 403, 200)  # of one mentorship of the branch
LED_VERB = Answers(303, 403, 404, 403, 303)
NATION = Answers(303, 403, 403, 403, 200)  # the consultant's
NATION_VERB = Answers(303, 403, 403, 403, 303)
OF_PAIR = Answers(303, 200, 403, 403, 200)
END = {
    "mentorship": "@mentorship",
    "id": "@new",
    "ending": "planned",
    "ended_by": "together",
    "end_on": clock.today().isoformat(),
}
AHEAD = (clock.today() + timedelta(days=90)).isoformat()
REFERRAL = {
    "id": "@new",
    "first_name": "Tarek",
    "municipality": "@municipality",
    "release_on": AHEAD,
    "received_on": clock.today().isoformat(),
}
BROKE = {"mentorship": "@mentorship", "id": "@new", "code": "money"}
SPENT = {
    "mentorship": "@mentorship",
    "id": "@new",
    "on": clock.today().isoformat(),
    "amount": "100",
    "what": "Kaffe",
}
PARTNER = {"branch": "@branch", "id": "@new", "kind": "other", "name": "Biblioteket"}
NEWCOMER = {
    "id": "@new",
    "branch": "@branch",
    "first_name": "Ny",
    "surname": "Nysen",
    "email": "ny@test.invalid",
}
LAWS = {
    f"{key}_{language}": "lovens § 1"
    for key in ("averting", "notification", "leave", "companion")
    for language in ("da", "en")
}
MEET = {
    "id": "@new",
    "branch": "@branch",
    "kind": "meeting",
    "on": clock.today().isoformat(),
    "times": "1",
}
AGREED = {"mentorship": "@mentorship", "id": "@new", "version": "start", "goals": "Et job"}
HANDED = {"id": "@new", "way": "in_hand", "on": clock.today().isoformat()}
HOURS = {"branch": "@branch", "morning": "09:00", "afternoon": "17:30", "evening": "19:00"}
OPEN = Answers(200, 200, 200, 200, 200)
DEAD = Answers(404, 404, 404, 404, 404)  # for all alike
FOLLOW_UP = {
    "id": "@new",
    "held_on": clock.today().isoformat(),
    "kind": "other",
    "present": "leader",
}
LOG = {"mentorship": "@mentorship", "id": "@new", "relation": "7", "wellbeing": "8"}
CALL = {"mentorship": "@mentorship", "id": "@new", "kind": "call"}
TWIN = {"other": "@twin"}
THREAD = {"mentorship": "@mentorship", "id": "@new", "text": "Hej", "to": "@bo"}
PAUSE = {"mentorship": "@mentorship", "id": "@new", "pause": "@pause"}
WISH = {"mentorship": "@mentorship", "id": "@new", "choice": "stop"}
GIVE = {"mentorship": "@mentorship", "id": "@new", "weeks": "@week"}
YES = {"svar": "ja", "weeks": "@asked"}
AWAY = {
    "mentorship": "@mentorship",
    "id": "@new",
    "from_on": clock.today().isoformat(),
    "to_on": clock.today().isoformat(),
}
PLAN = {"date": clock.today().isoformat(), "who": "me", "sequence": "0"}

SHELL = tuple(
    Route("GET", f"/skal/{tongue}/{name}", OPEN)
    for tongue in ("da", "en")
    for name in ("moede", "kontakt", "giv", "udbakke", "regler", "uden-signal", "ingen-forbindelse")
)

ROUTES = (
    *SHELL,
    Route("GET", "/sw.js", OPEN),
    Route("GET", "/udbakke", OPEN),
    Route("GET", "/udbakke/noegle", FOR_ALL),
    Route("GET", "/udbakke/viden", FOR_ALL),
    Route("GET", "/sendt/<uuid:record_id>", OF_ONE),
    Route("GET", "/healthz", OPEN),
    Route("GET", "/privatliv", OPEN),
    Route("GET", "/.well-known/security.txt", DEAD),  # until somebody can be told
    Route("GET", "/ingen-forbindelse", OPEN),
    Route("GET", "/ingen-forbindelse/igen", Answers(302, 302, 302, 302, 302)),
    Route("GET", "/favicon.ico", Answers(302, 302, 302, 302, 302)),
    Route("GET", "/log-ind", Answers(200, 303, 303, 303, 303)),
    Route(
        "POST",
        "/log-ind",
        WRONG_FOR_ALL,
        send={"email": "nobody@test.invalid", "password": "x"},
    ),
    Route("GET", "/log-ind/adgangsnoegle", OPEN),
    Route("POST", "/log-ind/adgangsnoegle", WRONG_FOR_ALL),
    Route("GET", "/log-ind/organisation", DEAD),  # until the settings name one
    Route("GET", "/log-ind/organisation/svar", DEAD),
    Route("GET", "/log-ind/kode", Answers(303, 303, 303, 303, 303)),  # nobody is half way in
    Route("POST", "/log-ind/kode", WRONG_FOR_ALL),
    Route("GET", "/laas-op", ALL_ACT),  # nothing is locked: on to the start page
    Route("POST", "/laas-op", WRONG_PROOF),
    Route("GET", "/laas-op/adgangsnoegle", FOR_ALL),
    Route("GET", "/her", Answers(303, 204, 204, 204, 204)),
    Route("GET", "/bekraeft", ALL_ACT),  # it is fresh: on to the start page
    Route("POST", "/bekraeft", WRONG_PROOF),
    Route("GET", "/mig/adgang", FOR_ALL),
    Route("GET", "/mig/adgang/adgangsnoegle", FOR_ALL),
    Route("POST", "/mig/adgang/adgangsnoegle", WRONG_PROOF),
    Route("POST", "/mig/adgang/adgangsnoegle/<uuid:passkey_id>/sletning", OF_ME),
    Route("GET", "/mig/adgang/kode-app", FOR_ALL),
    Route("POST", "/mig/adgang/kode-app", WRONG_PROOF),
    Route("POST", "/mig/adgang/kode-app/sletning", ALL_ACT),
    Route("POST", "/mig/adgang/noedkoder", FOR_ALL),
    Route("GET", "/mig/adgang/adgangskode", FOR_ALL),
    Route("POST", "/mig/adgang/adgangskode", WRONG_PROOF),
    Route("POST", "/mig/adgang/pin", WRONG_PROOF),
    Route("POST", "/log-ud", ALL_ACT),
    Route("GET", "/", Answers(303, 200, 303, 303, 200)),  # leaders are sent to their own floor
    Route("GET", "/moeder", A_PAGE),
    Route("POST", "/moeder", A_VERB, send=LOG),
    Route("GET", "/moeder/ny", A_PAGE),
    Route("GET", "/moeder/ny/dato", A_PAGE),
    Route("GET", "/moeder/<uuid:meeting_id>", OF_ONE),
    Route("GET", "/moeder/<uuid:meeting_id>/mine-svar", OF_ONE, who="Bo"),
    Route("GET", "/moeder/<uuid:meeting_id>/ret", OF_ONE),
    Route("POST", "/moeder/<uuid:meeting_id>/ret", A_VERB, send={"comment": "Rettet"}),
    Route(
        "POST",
        "/moeder/<uuid:meeting_id>/ret-kort",
        A_VERB,
        send={"cancelled_by": "us", "date": clock.today().isoformat()},
        meeting="cancelled",
    ),
    Route("GET", "/moeder/<uuid:meeting_id>/kvittering", OF_ONE),
    Route("GET", "/moeder/<uuid:meeting_id>/tilbagetagning", OF_ONE),
    Route("POST", "/moeder/<uuid:meeting_id>/tilbagetagning", A_VERB),
    Route("POST", "/moeder/<uuid:meeting_id>/sammenlaegning", A_VERB, send=TWIN, meeting="double"),
    Route("POST", "/moeder/<uuid:meeting_id>/adskillelse", A_VERB, send=TWIN, meeting="double"),
    Route("GET", "/kontakter/ny", A_PAGE),
    Route("POST", "/kontakter", A_VERB, send=CALL),
    Route("GET", "/kontakter/<uuid:contact_id>", OF_ONE),
    Route("POST", "/kontakter/<uuid:contact_id>/tilbagetagning", A_VERB),
    Route("GET", "/aftaler/ny", A_PAGE),
    Route("POST", "/aftaler", A_VERB, send=PLAN | {"mentorship": "@mentorship", "id": "@new"}),
    Route("GET", "/aftaler/<uuid:plan_id>", OF_ONE),
    Route("POST", "/aftaler/<uuid:plan_id>", A_VERB, send=PLAN),
    Route("POST", "/aftaler/<uuid:plan_id>/aflysning", A_VERB, send=PLAN),
    Route("POST", "/aftaler/<uuid:plan_id>/overtagelse", A_VERB, send=PLAN),
    Route("GET", "/aftaler/<uuid:plan_id>/kalender.ics", OF_ONE),
    Route("GET", "/kalender/<token>.ics", OPEN),  # of Bo: its token is all that is asked for
    Route("GET", "/mig/kalender", A_PAGE),
    Route("POST", "/mig/kalender", A_PAGE),
    Route("POST", "/mig/kalender/sletning", Answers(303, 303, 403, 403, 303)),
    Route("GET", "/uger", A_PAGE),
    Route("GET", "/uger/giv", A_PAGE),
    Route("GET", "/uger/overdragelser", A_PAGE),
    Route("POST", "/uger/overdragelser", A_VERB, send=GIVE),
    Route("GET", "/uger/overdragelser/<uuid:handover_id>", OF_ONE),
    Route("POST", "/uger/overdragelser/<uuid:handover_id>/svar", A_VERB, who="Bo", send=YES),
    Route("POST", "/uger/overdragelser/<uuid:handover_id>/tilbagetraekning", A_VERB),
    Route("POST", "/uger/overdragelser/<uuid:handover_id>/laest", A_VERB, who="Bo"),
    Route("GET", "/uger/fravaer", A_PAGE),
    Route("POST", "/uger/fravaer", A_VERB, send=AWAY),
    Route("POST", "/uger/fravaer/<uuid:absence_id>/slut", A_VERB),
    Route("GET", "/forloeb", A_PAGE),
    Route("GET", "/forloeb/traad", A_PAGE),
    Route("POST", "/forloeb/traad", A_VERB, send=THREAD),
    Route("POST", "/forloeb/traad/<uuid:note_id>/laest", A_VERB, who="Bo"),
    Route("GET", "/forloeb/pause", A_PAGE),
    # The test's own pause runs already.
    Route("POST", "/forloeb/pause", Answers(303, 404, 403, 403, 409), send=PAUSE),
    Route("POST", "/forloeb/pause/forlaengelse", A_VERB, send=PAUSE),
    Route("POST", "/forloeb/pause/slut", A_VERB, send=PAUSE),
    Route("GET", "/forloeb/aftale", OF_PAIR),
    Route("GET", "/forloeb/aftale/ny", OF_PAIR),
    Route("POST", "/forloeb/aftale/ny", A_VERB, send=AGREED),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/aftale", LED, who="Lise", wrong="Anna"),
    Route("GET", "/leder/henvisninger", LEADS, who="Lise", wrong="Anna"),
    Route("GET", "/leder/henvisninger/ny", LEADS, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/henvisninger/ny",
        Answers(303, 403, 422, 403, 303),  # another branch's municipality is none to choose
        who="Lise",
        wrong="Anna",
        send=REFERRAL,
    ),
    Route("GET", "/leder/henvisninger/<uuid:referral_id>", LED, who="Lise", wrong="Anna"),
    Route("GET", "/leder/henvisninger/<uuid:referral_id>/ret", LED, who="Lise", wrong="Anna"),
    *(
        Route(
            "POST",
            f"/leder/henvisninger/<uuid:referral_id>/{verb}",
            Answers(303, 403, 404, 403, right),
            who="Lise",
            wrong="Anna",
            send=send,
        )
        for verb, right, send in (
            ("screening", 303, {"in_target": "y", "safe": "y"}),
            ("samtale", 409, {}),  # it has not been screened
            ("slut", 303, {"way": "outside"}),
            ("situation", 303, {"release_on": AHEAD}),
            ("ret", 303, REFERRAL),
            ("samtykke", 303, {"purpose": "contact", "yes": "0"}),
        )
    ),
    Route("GET", "/leder/henvisninger/<uuid:referral_id>/skema", LED, who="Lise", wrong="Anna"),
    Route(
        "GET",
        "/leder/henvisninger/<uuid:referral_id>/skema/<section>",
        LED,
        who="Lise",
        wrong="Anna",
    ),
    Route(
        "POST",
        "/leder/henvisninger/<uuid:referral_id>/skema/<section>",
        LED_VERB,
        who="Lise",
        wrong="Anna",
    ),
    Route(
        "GET",
        "/leder/henvisninger/<uuid:referral_id>/skema/tak/sendt",
        LED,
        who="Lise",
        wrong="Anna",
    ),
    # Without a form to lend there is no page; whose it is, the form itself asks.
    Route("GET", "/leder/laan", Answers(303, 403, 404, 403, 404), who="Lise", wrong="Anna"),
    Route("POST", "/leder/laan", Answers(303, 403, 404, 403, 404), who="Lise", wrong="Anna"),
    Route("GET", "/laan/tilbage", ALL_ACT),  # nobody's phone is lent
    Route("POST", "/laan/tilbage", ALL_ACT),
    Route("GET", "/forloeb/startskema", OF_PAIR),
    Route("GET", "/leder/match", LEADS, who="Lise", wrong="Anna"),
    # The referral of the test has not come that far; what is ready is in tests/web/test_matches.py.
    *(
        Route(method, rule, Answers(303, 403, 404, 403, 404), who="Lise", wrong="Anna")
        for method, rule in (
            ("GET", "/leder/match/<uuid:referral_id>"),
            ("POST", "/leder/match/<uuid:referral_id>"),
            ("GET", "/leder/match/<uuid:referral_id>/katalog"),
            ("POST", "/leder/match/<uuid:referral_id>/katalog"),
            ("GET", "/leder/match/<uuid:referral_id>/katalog/tak"),
        )
    ),
    Route(
        "POST",
        "/leder/match/forslag/<uuid:match_id>/tilbagetraekning",
        LED_VERB,
        who="Lise",
        wrong="Anna",
    ),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/ny-mentor", LED, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/ny-mentor",
        Answers(303, 403, 404, 403, 422),  # nobody is chosen
        who="Lise",
        wrong="Anna",
        send={"id": "@new"},
    ),
    Route("GET", "/match/<uuid:match_id>", OF_ASKED, who="Nora", wrong="Lise"),
    Route("POST", "/match/<uuid:match_id>/svar", ASKED_VERB, who="Nora", send={"svar": "nej"}),
    Route("GET", "/bekymring", OF_PAIR),
    Route("POST", "/bekymring", A_VERB, send={"mentorship": "@mentorship", "id": "@new"}),
    Route("GET", "/forloeb/brudt", OF_PAIR),
    Route("POST", "/forloeb/brudt", A_VERB, send=BROKE),
    Route("GET", "/leder/bekymringer", LEADS, who="Lise", wrong="Anna"),
    Route("POST", "/leder/bekymringer/<uuid:alert_id>/set", LED_VERB, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/bekymringer/<uuid:alert_id>/svar",
        LED_VERB,
        who="Lise",
        wrong="Anna",
        send={"outcome": "talked"},
    ),
    Route("GET", "/leder/stedfortraeder", LEADS, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/stedfortraeder",
        Answers(303, 403, 404, 403, 422),  # nobody is chosen
        who="Lise",
        wrong="Anna",
        send={"branch": "@branch", "id": "@new"},
    ),
    Route(
        "POST",
        "/leder/stedfortraeder/<uuid:stand_in_id>/slut",
        LED_VERB,
        who="Lise",
        wrong="Anna",
    ),
    Route("GET", "/forloeb/beloeb", OF_PAIR),
    Route("POST", "/forloeb/beloeb", A_VERB, send=SPENT),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/beloeb", LED, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/beloeb",
        LED_VERB,
        who="Lise",
        wrong="Anna",
        send={"amount": "100"},
    ),
    Route("POST", "/leder/udgifter/<uuid:expense_id>", LED_VERB, who="Lise", wrong="Anna"),
    Route("GET", "/leder/koersel", LEADS, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/koersel/beloeb",
        LED_VERB,
        who="Lise",
        wrong="Anna",
        send={"branch": "@branch"},
    ),
    Route("GET", "/leder/partnere", LEADS, who="Lise", wrong="Anna"),
    Route("GET", "/leder/partnere/ny", LEADS, who="Lise", wrong="Anna"),
    Route("POST", "/leder/partnere", LED_VERB, who="Lise", wrong="Anna", send=PARTNER),
    Route("GET", "/leder/partnere/<uuid:partner_id>", LED, who="Lise", wrong="Anna"),
    *(
        Route(
            "POST", f"/leder/partnere/<uuid:partner_id>/{verb}", LED_VERB, who="Lise", wrong="Anna"
        )
        for verb in ("kontakt", "slut")
    ),
    Route("GET", "/leder/mentorer", LEADS, who="Lise", wrong="Anna"),
    Route("GET", "/leder/mentorer/ny", LEADS, who="Lise", wrong="Anna"),
    Route("POST", "/leder/mentorer/ny", LED_VERB, who="Lise", wrong="Anna", send=NEWCOMER),
    Route("GET", "/leder/mentorer/<uuid:person_id>", LED, who="Lise", wrong="Anna"),
    Route("GET", "/leder/mentorer/<uuid:person_id>/ret", LED, who="Lise", wrong="Anna"),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/deltager", LED, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/deltager",
        LED_VERB,
        who="Lise",
        wrong="Anna",
        send={"first_name": "Samir"},
    ),
    *(
        Route(
            "POST",
            f"/leder/mentorer/<uuid:person_id>/{verb}",
            Answers(303, 403, 404, 403, right),
            who="Lise",
            wrong="Anna",
            send=send,
        )
        for verb, right, send in (
            ("trin", 303, {"stage": "pause"}),
            ("krav", 303, {"kind": "basic_course", "met_on": clock.today().isoformat()}),
            ("opkald", 303, {}),
            ("foedselsdag", 303, {"birth_date": "1980-02-29"}),
            ("invitation", 422, {}),  # she has a way in
            ("ret", 303, NEWCOMER),
            ("udlaan", 422, {}),  # no branch is chosen
            ("stop", 200, {"sure": "y"}),
        )
    ),
    Route("GET", "/leder/moeder", LEADS, who="Lise", wrong="Anna"),
    Route("POST", "/leder/moeder", LED_VERB, who="Lise", wrong="Anna", send=MEET),
    Route("GET", "/leder/moeder/<uuid:gathering_id>", LED, who="Lise", wrong="Anna"),
    Route("POST", "/leder/moeder/<uuid:gathering_id>", LED_VERB, who="Lise", wrong="Anna"),
    Route("GET", "/mig/profil", A_PAGE),
    Route("POST", "/mig/profil", Answers(303, 303, 403, 403, 303)),
    Route("GET", "/mig/krav", A_PAGE),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/flytning", LED, who="Lise", wrong="Anna"),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/afslutning", LED, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/afslutning",
        Answers(303, 403, 404, 403, 409),  # the pair's own waits there
        who="Lise",
        wrong="Anna",
        send=END,
    ),
    Route(
        "POST",
        "/leder/afslutninger/<uuid:closure_id>/tilbagetraekning",
        Answers(303, 403, 404, 403, 403),  # the pair's own
        who="Lise",
        wrong="Anna",
    ),
    Route("GET", "/konsulent/afslutninger", NATION, who="Karen"),
    *(
        Route(
            method,
            f"/konsulent/afslutninger/<uuid:closure_id>{what}",
            Answers(303, 403, 403, 403, 404),  # a leader can answer it
            who="Karen",
        )
        for method, what in (("GET", ""), ("POST", "/godkendelse"), ("POST", "/tilbagesendelse"))
    ),
    Route("GET", "/leder/ansvar", LEADS, who="Lise", wrong="Anna"),
    Route("POST", "/leder/ansvar", Answers(303, 403, 422, 403, 422), who="Lise", wrong="Anna"),
    *(
        Route(
            "POST",
            f"/leder/forloeb/<uuid:mentorship_id>/flytning/{what}",
            answers,
            who="Lise",
            wrong="Anna",
            send=send,
        )
        for what, answers, send in (
            ("loesladelse", LED_VERB, {"release_on": clock.today().isoformat()}),
            ("institution", LED_VERB, {"institution": "none"}),
            ("kommune", Answers(303, 403, 404, 403, 422), {}),
        )
    ),
    Route("GET", "/forloeb/afslutning", OF_PAIR),
    # Bo has proposed it already.
    Route("POST", "/forloeb/afslutning", Answers(303, 404, 403, 403, 409), send=END),
    Route("POST", "/forloeb/afslutning/tilbagetraekning", A_VERB, send={"closure": "@closure"}),
    Route("GET", "/leder/afslutninger", LEADS, who="Lise", wrong="Anna"),
    Route("GET", "/leder/afslutninger/<uuid:closure_id>", LED, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/afslutninger/<uuid:closure_id>/godkendelse",
        LED_VERB,
        who="Lise",
        wrong="Anna",
    ),
    Route(
        "POST",
        "/leder/afslutninger/<uuid:closure_id>/tilbagesendelse",
        LED_VERB,
        who="Lise",
        wrong="Anna",
        send={"comment": "Sig farvel først"},
    ),
    Route(  # it is not approved: there is nothing to open again
        "POST",
        "/leder/afslutninger/<uuid:closure_id>/genaabning",
        Answers(303, 403, 404, 403, 409),
        who="Lise",
        wrong="Anna",
    ),
    # Nothing is approved: there is no link to make, no form to read, nothing to talk about.
    Route(
        "POST",
        "/leder/afslutninger/<uuid:closure_id>/link",
        Answers(303, 403, 404, 403, 409),
        who="Lise",
        wrong="Anna",
    ),
    Route(
        "GET",
        "/leder/afslutninger/<uuid:closure_id>/slutskema",
        Answers(303, 403, 404, 403, 404),
        who="Lise",
        wrong="Anna",
    ),
    Route(
        "POST",
        "/leder/afslutninger/<uuid:closure_id>/samtale",
        Answers(303, 403, 404, 403, 409),
        who="Lise",
        wrong="Anna",
        send={"held_on": clock.today().isoformat()},
    ),
    Route("GET", "/slut/tak", OPEN),
    Route("GET", "/slut/<token>", DEAD),  # the token is of something else
    Route("POST", "/slut/<token>", DEAD),
    Route("GET", "/forloeb/opfoelgning", OF_PAIR),
    Route("GET", "/leder/forloeb/<uuid:mentorship_id>/opfoelgning", LED, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/opfoelgning",
        LED_VERB,
        who="Lise",
        wrong="Anna",
        send=FOLLOW_UP,
    ),
    Route("GET", "/mig", FOR_ALL),
    Route("POST", "/mig/sprog", ALL_ACT, send={"language": "en"}),
    Route("GET", "/mig/nummer", FOR_ALL),
    Route("POST", "/mig/nummer", ALL_ACT, send={"phone": "20304050"}),
    Route("GET", "/mig/indlogninger", FOR_ALL),
    Route("POST", "/mig/indlogninger/<uuid:sign_in_id>/udlogning", OF_ME),
    Route("POST", "/mig/indlogninger/udlogning", ALL_ACT),
    Route("GET", "/manifest.webmanifest", OPEN),
    Route("GET", "/mig/installer", FOR_ALL),
    Route("POST", "/mig/installer/nej", Answers(303, 303, 403, 403, 303)),
    Route("GET", "/mig/paamindelser", FOR_ALL),
    Route("POST", "/mig/paamindelser", ALL_ACT, send={"quiet_from": "20:00", "quiet_to": "09:00"}),
    Route("POST", "/mig/paamindelser/proev", ALL_ACT),
    Route("GET", "/mig/paamindelser/hjaelp", FOR_ALL),
    Route("POST", "/mig/enheder", Answers(303, 422, 422, 422, 422)),
    Route("GET", "/mig/enheder/noegle", FOR_ALL),
    Route("POST", "/mig/enheder/<uuid:device_id>/fjern", OF_ME),
    Route("GET", "/p/<uuid:notice_id>", OF_ME),
    Route("POST", "/p/<uuid:notice_id>/vist", Answers(204, 204, 204, 204, 204)),
    Route("GET", "/demo/breve", Answers(303, 404, 404, 404, 404)),  # only in a demo
    Route("GET", "/leder/paamindelser", LEADS, who="Lise", wrong="Anna"),
    Route(
        "POST",
        "/leder/paamindelser",
        Answers(303, 403, 404, 403, 303),
        who="Lise",
        wrong="Anna",
        send=HOURS,
    ),
    Route("GET", "/mig/stop", A_PAGE),
    Route("POST", "/mig/stop", A_VERB, send=WISH),
    Route("POST", "/mig/stop/tilbagetraekning", A_VERB, who="Bo", send={"wish": "@wish"}),
    Route("GET", "/regler", FOR_ALL),
    Route("GET", "/regler/<kind>", FOR_ALL),
    Route("POST", "/regler/<kind>/accept", ALL_ACT, send={"version": "1"}),
    Route("GET", "/leder", LEADS, who="Lise", wrong="Anna"),
    Route(
        "GET",
        "/leder/forloeb/<uuid:mentorship_id>",
        Answers(303, 403, 404, 403, 200),
        who="Lise",
        wrong="Karen",
    ),
    Route(
        "GET",
        "/leder/forloeb/<uuid:mentorship_id>/uger",
        Answers(303, 403, 404, 403, 200),
        who="Lise",
        wrong="Karen",
    ),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/uger",
        Answers(303, 403, 404, 403, 303),
        who="Lise",
        wrong="Anna",
        send={"id": "@new", "weeks": "@week", "taker": "@bo"},
    ),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/rytme",
        Answers(303, 403, 404, 403, 303),
        who="Lise",
        wrong="Anna",
        send={"monday": "@week", "first": "@bo", "in_a_row": "2"},
    ),
    Route(
        "POST",
        "/leder/forloeb/<uuid:mentorship_id>/plads",
        Answers(303, 403, 404, 403, 303),
        who="Lise",
        wrong="Karen",
        send={"person": "@bo", "sure": "y"},
    ),
    Route(
        "POST",
        "/leder/oensker/<uuid:wish_id>/talt",
        Answers(303, 403, 404, 403, 303),
        who="Lise",
        wrong="Karen",
    ),
    Route("GET", "/leder/sletning", LEADS, who="Lise", wrong="Anna"),
    *(
        Route("GET", f"/leder/sletning/{path}", LED, who="Lise", wrong="Anna")
        for path in ("om/<uuid:subject_id>", "<uuid:erasure_id>")
    ),
    *(
        Route("POST", f"/leder/sletning/{path}", LED_VERB, who="Lise", wrong="Anna", send=send)
        for path, send in (
            ("om/<uuid:subject_id>", {"why": "wish"}),
            ("<uuid:erasure_id>/fortrydelse", {}),
        )
    ),
    *(
        Route("GET", f"/konsulent/sletning{path}", NATION, who="Karen")
        for path in ("", "/om/<uuid:subject_id>", "/<uuid:erasure_id>")
    ),
    *(
        Route("POST", f"/konsulent/sletning/{path}", NATION_VERB, who="Karen", send=send)
        for path, send in (
            ("om/<uuid:subject_id>", {"why": "wish"}),
            ("<uuid:erasure_id>/bekraeftelse", {}),
            ("<uuid:erasure_id>/afvisning", {}),
        )
    ),
    *(
        Route("GET", f"/leder/forloeb/<uuid:mentorship_id>/{path}", LED, "Lise", "Anna")
        for path in ("adgang", "udtraek", "samtykker")
    ),
    Route("GET", "/leder/henvisninger/<uuid:referral_id>/udtraek", LED, "Lise", "Anna"),
    *(
        Route("POST", f"/leder/{path}", LED_VERB, "Lise", "Anna", send=send)
        for path, send in (
            ("forloeb/<uuid:mentorship_id>/udtraek", HANDED),
            ("henvisninger/<uuid:referral_id>/udtraek", HANDED),
            ("forloeb/<uuid:mentorship_id>/samtykker", {"purpose": "research", "yes": "1"}),
        )
    ),
    Route("GET", "/mig/data", FOR_ALL),
    Route("GET", "/mig/log", FOR_ALL),
    Route("GET", "/forloeb/adgang", OF_PAIR),
    Route("GET", "/konsulent/forloeb", NATION, who="Karen"),
    Route("GET", "/konsulent/forloeb/<uuid:mentorship_id>", NATION, who="Karen"),
    Route("GET", "/konsulent/adgangslog", NATION, who="Karen"),
    *(
        Route("POST", f"/konsulent/{path}", Answers(303, 403, 403, 403, right), "Karen", send=send)
        for path, right, send in (
            ("forloeb", 200, {"branch": "@branch"}),
            ("forloeb/<uuid:mentorship_id>", 303, {"reason": "access"}),
            ("adgangslog", 200, {"what": "read"}),
            ("adgangslog/fil", 200, {"reason": "check"}),
            ("adgangslog/eftersyn", 303, {}),
            ("adgangslog/eftersyn/<uuid:review_id>", 303, {}),
        )
    ),
    Route("GET", "/konsulent", NATION, who="Karen"),
    Route("GET", "/konsulent/bekymringer", NATION, who="Karen"),
    Route("GET", "/konsulent/slutskemaer", NATION, who="Karen"),
    *(
        Route("GET", f"/konsulent/{path}", NATION, who="Karen")
        for path in (
            "afdelinger",
            "afdelinger/<uuid:branch_id>",
            "kommuner/<uuid:municipality_id>",
            "institutioner",
            "institutioner/<uuid:institution_id>",
        )
    ),
    *(
        Route("GET", f"/konsulent/personer{path}", NATION, who="Karen")
        for path in (
            "",
            "/ny",
            "/<uuid:person_id>",
            "/<uuid:person_id>/ansvar",
            "/<uuid:person_id>/ret",
        )
    ),
    *(
        Route(
            "POST",
            f"/konsulent/personer/{path}",
            Answers(303, 403, 403, 403, right),
            "Karen",
            send=send,
        )
        for path, right, send in (
            ("ny", 303, NEWCOMER | {"role": "mentor"}),
            ("<uuid:person_id>/ret", 303, NEWCOMER),
            ("<uuid:person_id>/invitation", 200, {}),
            ("<uuid:person_id>/ansvar", 422, {}),
            ("<uuid:person_id>/hjaelp-ind", 200, {}),
            ("<uuid:person_id>/brev", 303, {}),
            ("<uuid:person_id>/rolle", 303, {"role": "leader", "branch": "@branch"}),
            ("<uuid:person_id>/rolle-slut", 303, {"role_id": "@role", "sure": "y"}),
            ("<uuid:person_id>/afdeling", 303, {"branch": "@branch"}),
        )
    ),
    *(
        Route("GET", f"/konsulent/import{path}", NATION, who="Karen")
        for path in ("", "/personer.csv", "/forloeb.csv")
    ),
    Route("POST", "/konsulent/import", Answers(303, 403, 403, 403, 422), who="Karen"),
    Route("GET", "/konsulent/regler", NATION, who="Karen"),
    Route(
        "POST",
        "/konsulent/regler",
        NATION_VERB,
        who="Karen",
        send={name: str(rule.allowed[1]) for name, rule in RULES.items()},
    ),
    Route("GET", "/konsulent/paragraffer", NATION, who="Karen"),
    Route("POST", "/konsulent/paragraffer", NATION_VERB, who="Karen", send=LAWS),
    Route("GET", "/invitation/<secret>", OPEN),
    Route("POST", "/invitation/<secret>", WRONG_FOR_ALL),
    Route("GET", "/invitation/<secret>/adgangsnoegle", OPEN),
    Route("POST", "/invitation/<secret>/adgangsnoegle", WRONG_FOR_ALL),
    *(
        Route("POST", f"/konsulent/{path}", NATION_VERB, who="Karen", send=send)
        for path, send in (
            ("afdelinger", {"id": "@new", "name": "Nordby"}),
            ("afdelinger/<uuid:branch_id>", {"name": "Nordby"}),
            ("kommuner", {"id": "@new", "name": "Ny Kommune", "branch": "@branch"}),
            ("kommuner/<uuid:municipality_id>", {"name": "Ny Kommune", "branch": "@branch"}),
            ("institutioner", {"id": "@new", "name": "Vest Fængsel"}),
            ("institutioner/<uuid:institution_id>", {"name": "Vest Fængsel"}),
        )
    ),
)
