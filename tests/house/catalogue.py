"""What every column holds, and who may come to see it (product.md section 3).

A new column needs a line here, and a new kind of secret a rule; until then the canary sweep fails.
"""

from enum import Enum, auto


class Kind(Enum):
    """What a column holds."""

    ID = auto()  # random, tells nothing
    WHEN = auto()  # a day or an instant
    CODE = auto()  # one of a few words, or bits
    COUNT = auto()  # a number about no person
    PLACE = auto()  # a branch, a municipality, an institution, and its switchboard
    TEXT = auto()  # published texts
    PROOF = auto()  # keyed marks, hashes and wrapped keys
    SCORE = auto()  # the relation, 1-10
    WELLBEING = auto()  # the mentor's own, 1-10
    # Sealed: each gets a canary.
    PARTICIPANT_FIRST_NAME = auto()
    PARTICIPANT_PHONE = auto()
    PARTICIPANT_SURNAME = auto()
    PARTICIPANT_BIRTH_DATE = auto()
    STAFF_FIRST_NAME = auto()
    STAFF_SURNAME = auto()
    STAFF_EMAIL = auto()
    STAFF_PHONE = auto()  # the Red Cross phone; no other is stored
    WORDS = auto()  # what a mentor wrote
    THREAD = auto()  # a note from one of the pair to the other
    REPLY = auto()  # the few words that come with an answer, of one of the pair to the other
    ADDRESS = auto()  # where a push service listens: whoever has it can make the phone ring
    CODE_SECRET = auto()  # what a code app and we share: no page ever shows it again
    INTAKE = auto()  # what a participant answers in the start form, and who referred them
    PROFILE = auto()  # what a mentor says of themselves for the catalogue
    STAFF_BIRTH_DATE = auto()
    DECISION = auto()  # a leader's word to the pair about their agreement
    EXPENSE = auto()  # what the fixed amount was used for
    PARTNER = auto()  # whom to call at an office
    AGREED = auto()  # what the pair and the participant have agreed
    ENDING = auto()  # why a mentorship ends, and why a leader sends that back
    EXIT_ANSWERS = auto()  # what a participant says at the end, WHO-5 among it
    FOLLOW_UP = auto()  # what was said when the agreement was followed up
    WISH = auto()  # why a mentor wants to stop or change


class Tie(Enum):
    """How a reader stands to the person or the words."""

    SELF = auto()  # the person, or the author
    PAIR = auto()
    ADDRESSEE = auto()  # of the pair: whom a note is to
    LEADER = auto()  # of the branch
    LEADER_TICKED = auto()  # of the branch, where the author ticked that the leader may read
    LED = auto()  # the mentor, reading of the leader
    CONSULTANT = auto()
    NONE = auto()  # other branches, former mentors, signed out


_ID = {"id": Kind.ID}
COLUMNS: dict[str, dict[str, Kind]] = {
    "absence": _ID
    | {
        "mentorship_id": Kind.ID,
        "person_id": Kind.ID,
        "from_on": Kind.WHEN,
        "to_on": Kind.WHEN,
        "made_at": Kind.WHEN,
        "taken_back_at": Kind.WHEN,
    },
    "acceptance": {"person_id": Kind.ID, "guide_id": Kind.ID, "at": Kind.WHEN},
    "agreement": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "version": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
        "focus": Kind.CODE,
        "ways": Kind.CODE,
        "ticked": Kind.CODE,
        "talked": Kind.CODE,
        "present": Kind.CODE,
        "shares_plan": Kind.CODE,
        "release_meeting": Kind.CODE,
        "goals_ct": Kind.AGREED,
        "activities_ct": Kind.AGREED,
        "often_ct": Kind.AGREED,
        "cancelling_ct": Kind.AGREED,
        "meeting_place_ct": Kind.AGREED,
        "avoid_ct": Kind.AGREED,
    },
    "alert": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "kind": Kind.CODE,
        "code": Kind.CODE,
        "raised_by": Kind.ID,
        "raised_at": Kind.WHEN,
    },
    "alert_step": _ID
    | {
        "alert_id": Kind.ID,
        "participant_id": Kind.ID,
        "outcome": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
        "comment_ct": Kind.DECISION,
    },
    "attempt": {"key": Kind.PROOF, "count": Kind.COUNT, "expires_at": Kind.WHEN},
    "attendance": _ID
    | {
        "gathering_id": Kind.ID,
        "person_id": Kind.ID,
        "by": Kind.ID,
        "at": Kind.WHEN,
    },
    "branch": _ID | {"name": Kind.PLACE, "no_grants": Kind.CODE},
    "branch_hour": _ID | {"branch_id": Kind.ID, "name": Kind.CODE, "at": Kind.WHEN},
    "call": _ID
    | {
        "person_id": Kind.ID,
        "on": Kind.WHEN,
        "by": Kind.ID,
        "at": Kind.WHEN,
    },
    "closure": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "ending": Kind.CODE,
        "ended_by": Kind.CODE,
        "end_on": Kind.WHEN,
        "goodbye": Kind.CODE,
        "proposed_by": Kind.ID,
        "proposed_at": Kind.WHEN,
        "reason_ct": Kind.ENDING,
    },
    "closure_step": _ID
    | {
        "closure_id": Kind.ID,
        "participant_id": Kind.ID,
        "outcome": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
        "comment_ct": Kind.ENDING,
    },
    "consent": _ID
    | {
        "participant_id": Kind.ID,
        "purpose": Kind.CODE,
        "given": Kind.CODE,
        "on": Kind.WHEN,
        "version": Kind.CODE,
        "by": Kind.ID,
        "at": Kind.WHEN,
    },
    "contact": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "author_id": Kind.ID,
        "kind": Kind.CODE,
        "on": Kind.WHEN,
        "at": Kind.WHEN,
    },
    "debrief": _ID
    | {
        "closure_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "held_on": Kind.WHEN,
        "by": Kind.ID,
        "at": Kind.WHEN,
    },
    "code_app": _ID
    | {
        "person_id": Kind.ID,
        "at": Kind.WHEN,
        "last_step": Kind.COUNT,
        "secret_ct": Kind.CODE_SECRET,
    },
    "half_sign_in": _ID
    | {
        "person_id": Kind.ID,
        "token_hash": Kind.PROOF,
        "until": Kind.WHEN,
        "tries": Kind.COUNT,
    },
    "passkey": _ID
    | {
        "person_id": Kind.ID,
        "credential": Kind.PROOF,
        "public_key": Kind.PROOF,
        "uses": Kind.COUNT,
        "at": Kind.WHEN,
        "used_at": Kind.WHEN,
        "system": Kind.CODE,
        "browser": Kind.CODE,
    },
    "recovery_code": _ID
    | {
        "person_id": Kind.ID,
        "code_mark": Kind.PROOF,
        "at": Kind.WHEN,
        "until": Kind.WHEN,
        "given_by": Kind.ID,
        "used_at": Kind.WHEN,
    },
    "delivery": _ID | {"notice_id": Kind.ID, "device_id": Kind.ID, "at": Kind.WHEN},
    "demo": {"seed": Kind.COUNT, "made_on": Kind.WHEN},
    "device": _ID
    | {
        "person_id": Kind.ID,
        "sign_in_id": Kind.ID,
        "address_mark": Kind.PROOF,
        "key_number": Kind.COUNT,
        "system": Kind.CODE,
        "browser": Kind.CODE,
        "made_at": Kind.WHEN,
        "seen_at": Kind.WHEN,
        "address_ct": Kind.ADDRESS,
    },
    "disclosure": _ID
    | {
        "participant_id": Kind.ID,
        "way": Kind.CODE,
        "on": Kind.WHEN,
        "by": Kind.ID,
        "at": Kind.WHEN,
    },
    "erasure": _ID
    | {
        "subject_id": Kind.ID,
        "kind": Kind.CODE,
        "branch_id": Kind.ID,
        "why": Kind.CODE,
        "asked_by": Kind.ID,
        "asked_at": Kind.WHEN,
        "confirmed_by": Kind.ID,
        "confirmed_at": Kind.WHEN,
        "ended_by": Kind.ID,
        "ended_at": Kind.WHEN,
        "begun_at": Kind.WHEN,
        "removed_at": Kind.WHEN,
        "done_at": Kind.WHEN,
    },
    "erasure_count": _ID
    | {
        "erasure_id": Kind.ID,
        "name": Kind.CODE,
        "n": Kind.COUNT,
    },
    "evaluation": _ID
    | {
        "meeting_id": Kind.ID,
        "participant_id": Kind.ID,
        "author_id": Kind.ID,
        "at": Kind.WHEN,
        "relation": Kind.SCORE,
        "wellbeing": Kind.WELLBEING,
        "themes": Kind.CODE,
        "leader_may_read": Kind.CODE,
        "comment_ct": Kind.WORDS,
        "note_ct": Kind.WORDS,
        "victory_ct": Kind.WORDS,
    },
    "exit_form": _ID
    | {
        "closure_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "at": Kind.WHEN,
        "way": Kind.CODE,
        "answers_ct": Kind.EXIT_ANSWERS,
    },
    "exit_link": _ID
    | {
        "closure_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "token_hash": Kind.PROOF,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
        "expires_at": Kind.WHEN,
        "revoked_at": Kind.WHEN,
        "used_at": Kind.WHEN,
    },
    "expense": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "on": Kind.WHEN,
        "amount": Kind.COUNT,
        "asked_by": Kind.ID,
        "asked_at": Kind.WHEN,
        "what_ct": Kind.EXPENSE,
    },
    "expense_answer": _ID
    | {
        "expense_id": Kind.ID,
        "yes": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
    },
    "feed": _ID
    | {
        "person_id": Kind.ID,
        "token_hash": Kind.PROOF,
        "made_at": Kind.WHEN,
        "revoked_at": Kind.WHEN,
    },
    "figure": _ID
    | {
        "kind": Kind.CODE,
        "branch_id": Kind.ID,
        "month": Kind.WHEN,
        "value": Kind.CODE,
        "n": Kind.COUNT,
        "total": Kind.COUNT,
    },
    "follow_up": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "held_on": Kind.WHEN,
        "kind": Kind.CODE,
        "present": Kind.CODE,
        "focus_changed": Kind.CODE,
        "frequency_changed": Kind.CODE,
        "written_by": Kind.ID,
        "written_at": Kind.WHEN,
        "kept_ct": Kind.FOLLOW_UP,
        "works_ct": Kind.FOLLOW_UP,
        "needs_ct": Kind.FOLLOW_UP,
        "next_step_ct": Kind.FOLLOW_UP,
    },
    "gathering": _ID
    | {
        "branch_id": Kind.ID,
        "kind": Kind.CODE,
        "on": Kind.WHEN,
        "at": Kind.WHEN,
        "place": Kind.PLACE,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
    },
    "grant": _ID
    | {
        "mentorship_id": Kind.ID,
        "amount": Kind.COUNT,
        "at": Kind.WHEN,
        "by": Kind.ID,
    },
    "guide": _ID
    | {
        "kind": Kind.CODE,
        "version": Kind.COUNT,
        "published_at": Kind.WHEN,
        "body": Kind.TEXT,
        "digest": Kind.PROOF,
    },
    "handover": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "kind": Kind.CODE,
        "asked_by": Kind.ID,
        "to_id": Kind.ID,
        "asked_at": Kind.WHEN,
        "absence_id": Kind.ID,
        "leader_may_read": Kind.CODE,
        "going_ct": Kind.WORDS,
        "agreed_ct": Kind.WORDS,
        "watch_ct": Kind.WORDS,
        "promised_ct": Kind.WORDS,
        "read_at": Kind.WHEN,
    },
    "handover_answer": _ID
    | {
        "week_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "outcome": Kind.CODE,
        "number": Kind.COUNT,
        "at": Kind.WHEN,
        "by": Kind.ID,
        "words_ct": Kind.REPLY,
    },
    "handover_week": _ID
    | {
        "handover_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "monday": Kind.WHEN,
        "from_id": Kind.ID,
        "to_id": Kind.ID,
        "deadline": Kind.WHEN,
    },
    "heartbeat": _ID
    | {"name": Kind.CODE, "at": Kind.WHEN, "trouble": Kind.CODE, "trouble_at": Kind.WHEN},
    "imported": _ID | {"number_mark": Kind.PROOF, "mentorship_id": Kind.ID, "at": Kind.WHEN},
    "institution": _ID
    | {
        "name": Kind.PLACE,
        "phone": Kind.PLACE,
        "visiting": Kind.TEXT,
        "closed_at": Kind.WHEN,
    },
    "intake": _ID
    | {
        "referral_id": Kind.ID,
        "participant_id": Kind.ID,
        "begun_at": Kind.WHEN,
        "by": Kind.ID,
        "finished_at": Kind.WHEN,
    },
    "intake_page": _ID
    | {
        "intake_id": Kind.ID,
        "participant_id": Kind.ID,
        "section": Kind.CODE,
        "at": Kind.WHEN,
        "answers_ct": Kind.INTAKE,
    },
    "invitation": _ID
    | {
        "person_id": Kind.ID,
        "token_hash": Kind.PROOF,
        "made_by": Kind.ID,
        "at": Kind.WHEN,
        "until": Kind.WHEN,
        "used_at": Kind.WHEN,
        "stopped_at": Kind.WHEN,
    },
    "match": _ID
    | {
        "participant_id": Kind.ID,
        "branch_id": Kind.ID,
        "referral_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "way": Kind.CODE,
        "first_id": Kind.ID,
        "second_id": Kind.ID,
        "proposed_by": Kind.ID,
        "proposed_at": Kind.WHEN,
    },
    "match_choice": _ID
    | {
        "referral_id": Kind.ID,
        "person_id": Kind.ID,
        "at": Kind.WHEN,
    },
    "match_step": _ID
    | {
        "match_id": Kind.ID,
        "outcome": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
    },
    "meeting": _ID
    | {
        "mentorship_id": Kind.ID,
        "held_on": Kind.WHEN,
        "outcome": Kind.CODE,
        "cancelled_by": Kind.CODE,
        "place": Kind.CODE,
        "others": Kind.CODE,
        "companion": Kind.CODE,
        "since_last": Kind.CODE,
        "km": Kind.COUNT,
        "logged_by": Kind.ID,
        "with_mentor": Kind.ID,
        "logged_at": Kind.WHEN,
        "apart_from": Kind.ID,
    },
    "mentor_stage": _ID
    | {
        "person_id": Kind.ID,
        "stage": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
    },
    "mentorship": _ID
    | {
        "participant_id": Kind.ID,
        "branch_id": Kind.ID,
        "leader_id": Kind.ID,
        "municipality_id": Kind.ID,
        "institution_id": Kind.ID,
        "matched_on": Kind.WHEN,
        "release_on": Kind.WHEN,
        "ended_on": Kind.WHEN,
        "ending": Kind.CODE,
        "met_on": Kind.WHEN,
        "no_shows": Kind.COUNT,
        "reached_on": Kind.WHEN,
    },
    "municipality": _ID | {"name": Kind.PLACE, "branch_id": Kind.ID, "by_agreement": Kind.CODE},
    "participant": _ID
    | {
        "first_name_ct": Kind.PARTICIPANT_FIRST_NAME,
        "surname_ct": Kind.PARTICIPANT_SURNAME,
        "phone_ct": Kind.PARTICIPANT_PHONE,
        "birth_date_ct": Kind.PARTICIPANT_BIRTH_DATE,
    },
    "move": _ID
    | {
        "mentorship_id": Kind.ID,
        "kind": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
        "from_on": Kind.WHEN,
        "to_on": Kind.WHEN,
        "from_id": Kind.ID,
        "to_id": Kind.ID,
    },
    "notice": _ID
    | {
        "person_id": Kind.ID,
        "reminder": Kind.CODE,
        "about_id": Kind.ID,
        "mentorship_id": Kind.ID,
        "due_on": Kind.WHEN,
        "due_at": Kind.WHEN,
        "made_at": Kind.WHEN,
        "state": Kind.CODE,
        "topic": Kind.ID,
        "carrier_id": Kind.ID,
        "counts": Kind.CODE,
        "tries": Kind.COUNT,
        "next_at": Kind.WHEN,
        "claimed_at": Kind.WHEN,
        "sent_at": Kind.WHEN,
        "shown_at": Kind.WHEN,
        "opened_at": Kind.WHEN,
        "mailed_at": Kind.WHEN,
        "mail_claimed_at": Kind.WHEN,
        "ended_at": Kind.WHEN,
        "to_ct": Kind.STAFF_EMAIL,
    },
    "partner": _ID
    | {
        "branch_id": Kind.ID,
        "kind": Kind.CODE,
        "name": Kind.PLACE,
        "sent_on": Kind.WHEN,
        "signed_on": Kind.WHEN,
        "review_on": Kind.WHEN,
        "contacted_on": Kind.WHEN,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
        "closed_at": Kind.WHEN,
        "contact_ct": Kind.PARTNER,
        "phone_ct": Kind.PARTNER,
    },
    "pause": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "from_on": Kind.WHEN,
        "ask_on": Kind.WHEN,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
        "continues_id": Kind.ID,
        "ended_on": Kind.WHEN,
        "ended_by": Kind.ID,
    },
    "person": _ID
    | {
        "branch_id": Kind.ID,
        "email_mark": Kind.PROOF,
        "password_hash": Kind.PROOF,
        "language": Kind.CODE,
        "left_at": Kind.WHEN,
        "no_install_at": Kind.WHEN,
        "first_name_ct": Kind.STAFF_FIRST_NAME,
        "surname_ct": Kind.STAFF_SURNAME,
        "email_ct": Kind.STAFF_EMAIL,
        "phone_ct": Kind.STAFF_PHONE,
    },
    "person_key": {"person_id": Kind.ID, "epoch": Kind.COUNT, "wrapped": Kind.PROOF},
    "plan": _ID
    | {
        "mentorship_id": Kind.ID,
        "meeting_id": Kind.ID,
        "on": Kind.WHEN,
        "at": Kind.WHEN,
        "place": Kind.CODE,
        "comes_id": Kind.ID,
        "also_id": Kind.ID,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
        "sequence": Kind.COUNT,
        "changed_at": Kind.WHEN,
        "cancelled_at": Kind.WHEN,
        "cancelled_by": Kind.ID,
    },
    "profile": _ID
    | {
        "person_id": Kind.ID,
        "gender": Kind.CODE,
        "shown": Kind.CODE,
        "birth_date_ct": Kind.STAFF_BIRTH_DATE,
        "interests_ct": Kind.PROFILE,
        "competences_ct": Kind.PROFILE,
        "languages_ct": Kind.PROFILE,
        "co_mentor_ct": Kind.PROFILE,
    },
    "receipt": _ID
    | {
        "author_id": Kind.ID,
        "participant_id": Kind.ID,
        "record_id": Kind.ID,
        "mark": Kind.PROOF,
        "at": Kind.WHEN,
        "taken_back_at": Kind.WHEN,
    },
    "referral": _ID
    | {
        "branch_id": Kind.ID,
        "participant_id": Kind.ID,
        "municipality_id": Kind.ID,
        "institution_id": Kind.ID,
        "release_on": Kind.WHEN,
        "release_status": Kind.CODE,
        "received_on": Kind.WHEN,
        "leader_id": Kind.ID,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
        "source_ct": Kind.INTAKE,
        "source_phone_ct": Kind.INTAKE,
    },
    "referral_step": _ID
    | {
        "referral_id": Kind.ID,
        "step": Kind.CODE,
        "at": Kind.WHEN,
        "by": Kind.ID,
    },
    "requirement": _ID
    | {
        "person_id": Kind.ID,
        "kind": Kind.CODE,
        "met_on": Kind.WHEN,
        "until_on": Kind.WHEN,
        "at": Kind.WHEN,
        "by": Kind.ID,
    },
    "review": _ID
    | {
        "kind": Kind.CODE,
        "code": Kind.CODE,
        "person_id": Kind.ID,
        "on": Kind.WHEN,
        "seq": Kind.COUNT,
        "how_many": Kind.COUNT,
        "at": Kind.WHEN,
        "looked_by": Kind.ID,
        "looked_at": Kind.WHEN,
    },
    "revision": _ID
    | {
        "evaluation_id": Kind.ID,
        "participant_id": Kind.ID,
        "author_id": Kind.ID,
        "at": Kind.WHEN,
        "before_ct": Kind.WORDS,
    },
    "preference": _ID
    | {
        "person_id": Kind.ID,
        "quiet_from": Kind.WHEN,
        "quiet_to": Kind.WHEN,
        "off": Kind.CODE,
        "away_from": Kind.WHEN,
        "away_to": Kind.WHEN,
    },
    "rhythm": _ID
    | {
        "mentorship_id": Kind.ID,
        "monday": Kind.WHEN,
        "first_place": Kind.COUNT,
        "in_a_row": Kind.COUNT,
        "made_by": Kind.ID,
        "made_at": Kind.WHEN,
    },
    "role": _ID
    | {
        "person_id": Kind.ID,
        "role": Kind.CODE,
        "branch_id": Kind.ID,
        "from_on": Kind.WHEN,
        "to_on": Kind.WHEN,
    },
    "seat": _ID
    | {
        "mentorship_id": Kind.ID,
        "person_id": Kind.ID,
        "place": Kind.COUNT,
        "from_on": Kind.WHEN,
        "to_on": Kind.WHEN,
        "met_on": Kind.WHEN,
        "scored_at": Kind.WHEN,
        "scores": Kind.CODE,
    },
    "setting": _ID | {"name": Kind.CODE, "value": Kind.COUNT, "at": Kind.WHEN, "by": Kind.ID},
    "sign_in": _ID
    | {
        "person_id": Kind.ID,
        "token_hash": Kind.PROOF,
        "at": Kind.WHEN,
        "until": Kind.WHEN,
        "ended_at": Kind.WHEN,
        "system": Kind.CODE,
        "browser": Kind.CODE,
        "lent_path": Kind.CODE,
        "lent_pin_hash": Kind.PROOF,
        "lent_tries": Kind.COUNT,
        "seen_at": Kind.WHEN,
        "proved_at": Kind.WHEN,
        "pin_hash": Kind.PROOF,
        "pin_tries": Kind.COUNT,
        "old_token_hash": Kind.PROOF,
        "renewed_at": Kind.WHEN,
        "device_hash": Kind.PROOF,
    },
    "stand_in": _ID
    | {
        "branch_id": Kind.ID,
        "role_id": Kind.ID,
        "named_by": Kind.ID,
        "named_at": Kind.WHEN,
        "ended_at": Kind.WHEN,
    },
    "stray": _ID
    | {
        "key_id": Kind.ID,
        "seen_at": Kind.WHEN,
    },
    "thread_note": _ID
    | {
        "mentorship_id": Kind.ID,
        "participant_id": Kind.ID,
        "author_id": Kind.ID,
        "to_id": Kind.ID,
        "at": Kind.WHEN,
        "read_at": Kind.WHEN,
        "text_ct": Kind.THREAD,
    },
    "tombstone": {"person_id": Kind.ID, "erased_on": Kind.WHEN},
    "trail": {
        "seq": Kind.COUNT,
        "at": Kind.WHEN,
        "actor_id": Kind.ID,
        "sign_in_id": Kind.ID,
        "action": Kind.CODE,
        "kind": Kind.CODE,
        "object_id": Kind.ID,
        "subject_id": Kind.ID,
        "reason": Kind.CODE,
        "prev": Kind.PROOF,
        "mac": Kind.PROOF,
    },
    "trail_head": _ID | {"seq": Kind.COUNT, "mac": Kind.PROOF},
    "trail_seal": {
        "last_seq": Kind.COUNT,
        "first_seq": Kind.COUNT,
        "entries": Kind.COUNT,
        "last_mac": Kind.PROOF,
        "at": Kind.WHEN,
        "mac": Kind.PROOF,
    },
    "wish": _ID
    | {
        "mentorship_id": Kind.ID,
        "person_id": Kind.ID,
        "kind": Kind.CODE,
        "at": Kind.WHEN,
        "withdrawn_at": Kind.WHEN,
        "handled_at": Kind.WHEN,
        "handled_by": Kind.ID,
        "words_ct": Kind.WISH,
    },
    "wording": {"key": Kind.CODE, "language": Kind.CODE, "text": Kind.TEXT},
}

# Who may see it on a page. No other channel (log, address, file, dump, trail, browser) may carry
# any of it.
MAY_SEE: dict[Kind, set[Tie]] = {
    Kind.PARTICIPANT_FIRST_NAME: {Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},
    Kind.PARTICIPANT_PHONE: {Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},
    # The pair only with the participant's consent, which cannot be given yet.
    Kind.PARTICIPANT_SURNAME: {Tie.LEADER, Tie.CONSULTANT},
    Kind.PARTICIPANT_BIRTH_DATE: {Tie.LEADER, Tie.CONSULTANT},
    Kind.STAFF_FIRST_NAME: {Tie.SELF, Tie.PAIR, Tie.LED, Tie.LEADER, Tie.CONSULTANT},
    Kind.STAFF_SURNAME: {Tie.SELF, Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},
    Kind.STAFF_EMAIL: {Tie.SELF, Tie.LEADER, Tie.CONSULTANT},  # who correct it
    Kind.STAFF_PHONE: {Tie.SELF, Tie.PAIR, Tie.LED, Tie.LEADER, Tie.CONSULTANT},
    Kind.WORDS: {Tie.SELF, Tie.PAIR, Tie.LEADER_TICKED, Tie.CONSULTANT},
    Kind.THREAD: {Tie.SELF, Tie.ADDRESSEE},  # as long as they sit in the pair
    Kind.REPLY: {Tie.SELF, Tie.PAIR},
    Kind.ADDRESS: set(),
    Kind.CODE_SECRET: set(),
    # The pair only with the participant's yes, which this one has not given.
    Kind.INTAKE: {Tie.LEADER, Tie.CONSULTANT},
    Kind.PROFILE: {Tie.SELF, Tie.LEADER, Tie.CONSULTANT},
    Kind.STAFF_BIRTH_DATE: {Tie.SELF},
    Kind.DECISION: {Tie.PAIR, Tie.LEADER},
    # The consultant: in the participant's own extract, behind a reason that is logged.
    Kind.EXPENSE: {Tie.SELF, Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},
    Kind.PARTNER: {Tie.SELF},  # the leaders of the branch; here there is one
    Kind.AGREED: {Tie.SELF, Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},
    Kind.ENDING: {Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},
    Kind.EXIT_ANSWERS: {
        Tie.LEADER,
        Tie.CONSULTANT,
    },  # never the mentors: the participant is told so
    Kind.FOLLOW_UP: {Tie.PAIR, Tie.LEADER, Tie.CONSULTANT},  # the two were there
    Kind.WISH: {Tie.SELF, Tie.LEADER},
}

# What may be seen and has no page yet. Whoever makes the page takes the line away.
NOT_SHOWN_YET: set[tuple[Kind, Tie]] = {
    (Kind.PROFILE, Tie.CONSULTANT),
    (Kind.STAFF_SURNAME, Tie.PAIR),
}
