"""The same for one of us: what is kept about whoever signs in, and what of it is not told here."""

from app.domain import mentors, profiles, requirements
from app.domain.agents import BROWSERS, SYSTEMS
from app.domain.extract_words import (
    BITS,
    BRANCH,
    CODE,
    PHONE,
    REMINDER,
    STAFF,
    TECHNICAL,
    WHEN,
    YES,
    Column,
    Part,
    because,
)
from app.domain.people import CONSULTANT, LEADER, MENTOR
from app.domain.preferences import GROUPS
from app.language import LANGUAGES, mark

ROLES = {
    MENTOR: mark("Mentor"),
    LEADER: mark("Aktivitetsleder"),
    CONSULTANT: mark("Konsulent"),
}
SECRET = mark("Det, du logger ind med: adgangskode, nøgler og links. Det kan ingen læse.")
PARTICIPANTS = mark("Det, der handler om en deltager. Det læser du på dine andre sider.")
OTHERS = mark("Hvad andre har skrevet ned om deres eget arbejde.")
STAY = mark("Slettes, når du er stoppet, og der ikke længere er brug for det.")
FOR_ACCESS = mark("For at du kan logge ind og få besked")
FOR_MENTORS = mark("For at du kan være mentor")
FOR_WEEKS = mark("For at I kan dele ugerne")
_LEFT = because(TECHNICAL, "id", "person_id")
_DAY, _FROM, _TO = (
    Column(mark("Dag"), WHEN),
    Column(mark("Fra"), WHEN),
    Column(mark("Til"), WHEN),
)


def _part(
    table: str, title: str, why: str, shown: dict[str, Column], left: dict[str, str] | None = None
) -> Part:
    return Part(table, title, why, STAY, "person_id", shown, _LEFT | (left or {}))


OWN_PARTS = (
    Part(
        "person",
        mark("Dig"),
        FOR_ACCESS,
        STAY,
        "id",
        {
            "first_name_ct": Column(mark("Fornavn")),
            "surname_ct": Column(mark("Efternavn")),
            "email_ct": Column(mark("E-mail")),
            "phone_ct": Column(mark("Telefon"), PHONE),
            "branch_id": Column(mark("Afdeling"), BRANCH),
            "language": Column(mark("Sprog"), CODE, LANGUAGES),
            "left_at": Column(mark("Stoppet"), WHEN),
            "no_install_at": Column(mark("Nej tak til appen på telefonen"), WHEN),
        },
        {"id": TECHNICAL} | because(SECRET, "email_mark", "password_hash"),
    ),
    _part(
        "role",
        mark("Dine roller"),
        FOR_ACCESS,
        {
            "role": Column(mark("Rolle"), CODE, ROLES),
            "branch_id": Column(mark("Afdeling"), BRANCH),
            "from_on": _FROM,
            "to_on": _TO,
        },
    ),
    _part(
        "sign_in",
        mark("Når du har logget ind"),
        FOR_ACCESS,
        {
            "at": _DAY,
            "until": Column(mark("Gælder til"), WHEN),
            "ended_at": Column(mark("Logget ud"), WHEN),
            "system": Column(mark("Slags"), CODE, SYSTEMS),
            "browser": Column(mark("Browser"), CODE, BROWSERS),
            "seen_at": Column(mark("Sidst brugt"), WHEN),
        },
        because(SECRET, "token_hash", "lent_path", "lent_pin_hash", "lent_tries")
        | because(SECRET, "pin_hash", "pin_tries", "device_hash")
        | {"old_token_hash": SECRET}
        | because(TECHNICAL, "proved_at", "renewed_at"),
    ),
    _part(
        "passkey",
        mark("Dine adgangsnøgler"),
        FOR_ACCESS,
        {
            "at": _DAY,
            "used_at": Column(mark("Sidst brugt"), WHEN),
            "system": Column(mark("Slags"), CODE, SYSTEMS),
            "browser": Column(mark("Browser"), CODE, BROWSERS),
        },
        because(SECRET, "credential", "public_key", "uses"),
    ),
    _part(
        "code_app",
        mark("Din kode-app"),
        FOR_ACCESS,
        {"at": _DAY},
        because(SECRET, "last_step", "secret_ct"),
    ),
    _part(
        "recovery_code",
        mark("Dine nødkoder"),
        FOR_ACCESS,
        {
            "at": _DAY,
            "until": Column(mark("Gælder til"), WHEN),
            "used_at": Column(mark("Brugt"), WHEN),
        },
        {"code_mark": SECRET, "given_by": STAFF},
    ),
    _part(
        "device",
        mark("Dine enheder"),
        FOR_ACCESS,
        {
            "system": Column(mark("Slags"), CODE, SYSTEMS),
            "browser": Column(mark("Browser"), CODE, BROWSERS),
            "made_at": Column(mark("Tilføjet"), WHEN),
            "seen_at": Column(mark("Sidst set"), WHEN),
        },
        because(SECRET, "address_mark", "key_number", "address_ct") | {"sign_in_id": TECHNICAL},
    ),
    _part(
        "preference",
        mark("Dine ønsker til påmindelser"),
        FOR_ACCESS,
        {
            "quiet_from": Column(mark("Stille fra")),
            "quiet_to": Column(mark("Stille til")),
            "off": Column(mark("Slået fra"), BITS, GROUPS),
            "away_from": Column(mark("Væk fra"), WHEN),
            "away_to": Column(mark("Væk til"), WHEN),
        },
    ),
    _part(
        "notice",
        mark("Påmindelser til dig"),
        FOR_ACCESS,
        {
            "due_on": _DAY,
            "reminder": Column(mark("Slags"), REMINDER),
            "sent_at": Column(mark("Sendt"), WHEN),
            "opened_at": Column(mark("Åbnet"), WHEN),
            "mailed_at": Column(mark("Sendt som e-mail"), WHEN),
            "to_ct": Column(mark("Til den e-mail, du havde før")),
        },
        because(TECHNICAL, "about_id", "mentorship_id", "due_at", "made_at", "state", "topic")
        | because(TECHNICAL, "carrier_id", "counts", "tries", "next_at", "claimed_at")
        | because(TECHNICAL, "shown_at", "mail_claimed_at", "ended_at"),
    ),
    _part(
        "invitation",
        mark("Invitationer til dig"),
        FOR_ACCESS,
        {
            "at": _DAY,
            "until": Column(mark("Gælder til"), WHEN),
            "used_at": Column(mark("Brugt"), WHEN),
            "stopped_at": Column(mark("Lukket"), WHEN),
        },
        {"token_hash": SECRET, "made_by": STAFF},
    ),
    _part(
        "feed",
        mark("Din kalender"),
        FOR_ACCESS,
        {"made_at": Column(mark("Lavet"), WHEN), "revoked_at": Column(mark("Lukket"), WHEN)},
        {"token_hash": SECRET},
    ),
    Part(
        "acceptance",
        mark("Regler, du har godkendt"),
        FOR_ACCESS,
        STAY,
        "person_id",
        {"at": _DAY},
        because(TECHNICAL, "person_id", "guide_id"),
    ),
    _part(
        "profile",
        mark("Din profil"),
        FOR_MENTORS,
        {
            "gender": Column(mark("Køn"), CODE, profiles.GENDERS),
            "shown": Column(mark("Vises i kataloget"), YES),
            "birth_date_ct": Column(mark("Fødselsdato"), WHEN),
            "interests_ct": Column(mark("Interesser")),
            "competences_ct": Column(mark("Det kan jeg")),
            "languages_ct": Column(mark("Sprog")),
            "co_mentor_ct": Column(mark("Ønsker til en medmentor")),
        },
    ),
    _part(
        "requirement",
        mark("Dine krav"),
        FOR_MENTORS,
        {
            "kind": Column(mark("Hvad"), CODE, requirements.KINDS),
            "met_on": _DAY,
            "until_on": Column(mark("Gælder til"), WHEN),
            "at": Column(mark("Skrevet"), WHEN),
        },
        {"by": STAFF},
    ),
    _part(
        "mentor_stage",
        mark("Din vej som mentor"),
        FOR_MENTORS,
        {"stage": Column(mark("Trin"), CODE, mentors.STAGES), "at": _DAY},
        {"by": STAFF},
    ),
    _part(
        "call",
        mark("Når aktivitetslederen har ringet"),
        FOR_MENTORS,
        {"on": _DAY, "at": Column(mark("Skrevet"), WHEN)},
        {"by": STAFF},
    ),
    _part(
        "attendance",
        mark("Mentormøder og supervision, du var med til"),
        FOR_MENTORS,
        {"at": Column(mark("Skrevet"), WHEN)},
        {"gathering_id": TECHNICAL, "by": STAFF},
    ),
    _part(
        "seat",
        mark("Dine forløb"),
        FOR_MENTORS,
        {"from_on": _FROM, "to_on": _TO},
        because(PARTICIPANTS, "mentorship_id")
        | because(TECHNICAL, "place", "met_on", "scored_at", "scores"),
    ),
    _part(
        "wish",
        mark("Dine ønsker om at stoppe eller skifte"),
        FOR_MENTORS,
        {
            "at": _DAY,
            "words_ct": Column(mark("Dine ord")),
            "withdrawn_at": Column(mark("Trukket tilbage"), WHEN),
            "handled_at": Column(mark("I har talt om det"), WHEN),
        },
        because(PARTICIPANTS, "mentorship_id") | {"kind": TECHNICAL, "handled_by": STAFF},
    ),
    _part(
        "absence",
        mark("Dit fravær"),
        FOR_WEEKS,
        {
            "from_on": _FROM,
            "to_on": _TO,
            "made_at": Column(mark("Skrevet"), WHEN),
            "taken_back_at": Column(mark("Trukket tilbage"), WHEN),
        },
        {"mentorship_id": TECHNICAL},
    ),
    Part(
        "evaluation",
        mark("Dine svar efter møder"),
        FOR_WEEKS,
        STAY,
        "author_id",
        {
            "at": _DAY,
            "relation": Column(mark("Relationen")),
            "wellbeing": Column(mark("Hvordan du har det")),
        },
        because(TECHNICAL, "id", "meeting_id", "author_id", "leader_may_read")
        | because(PARTICIPANTS, "participant_id", "themes", "comment_ct", "note_ct", "victory_ct"),
    ),
)
# Names one of us, and nothing of it is told here.
OWN_LEFT = {
    "contact": PARTICIPANTS,
    "revision": PARTICIPANTS,
    "thread_note": PARTICIPANTS,
    "match_choice": PARTICIPANTS,
    "receipt": TECHNICAL,
    "half_sign_in": TECHNICAL,
    "review": OTHERS,
}
