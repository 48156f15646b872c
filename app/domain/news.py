"""What a person can be told of: in which group of preferences, within which limits, by which way.

The text is one of three, all of them the same for everybody (security decision A11); why it came is
said in the app alone.
"""

EVALUATION, AGAIN, SCORES = "evaluation", "evaluation_again", "scores"
WEEK, NO_CONTACT = "week", "no_contact"
ASKED, GIVEN, ANSWERED, UNCOVERED = "asked", "given", "answered", "uncovered"
AGREEMENT = "agreement"  # before the first visit
RELEASE_MEETING, RELEASE_WEEK, FOLLOW_UP = "release_meeting", "release_week", "follow_up"
GOODBYE, PLANNED_END, PAUSE = "goodbye", "planned_end", "pause"
SILENCE, WELLBEING, DIGEST = "silence", "wellbeing", "digest"
CLOSURE, CLOSED, SENT_BACK = "closure", "closed", "sent_back"
MOVED = "moved"  # the release, the prison or the municipality
MATCH, MATCH_ANSWERED = "match", "match_answered"
REFERRAL, CLEARANCE = "referral", "clearance"  # one that waits; one that runs out
IDLE = "mentor_waits"  # for a participant
GATHERING = "gathering"  # a meeting of mentors to come
WISH, EXPENSE = "wish", "expense"  # of a mentor, to the leader
INVITED = "invited"  # a letter with the way in
FAREWELL = "farewell"  # the last letter to a mentor who has left: the duty of secrecy goes on
ALERT, DECIDED = "alert", "decided"  # a concern or a broken agreement; what came of the latter
NEW_DEVICE, ACCESS_CHANGED, GUESSED = "new_device", "access_changed", "guessed"
READDRESSED = "readdressed"  # another e-mail address: told at the one before
RENUMBERED = "renumbered"  # a mentor has another number: to the leaders
WATCH = "watch"  # somebody reads more than usual: to the consultants
TRIAL = "trial"  # the person asks whether it works
WAY_IN = frozenset({NEW_DEVICE, ACCESS_CHANGED, GUESSED, READDRESSED})  # one's own
GROUP = {  # in which group of preferences each is; one in none cannot be switched off
    EVALUATION: "evaluations",
    AGAIN: "evaluations",
    SCORES: "evaluations",
    WEEK: "weeks",
    NO_CONTACT: "weeks",
    ASKED: "handovers",
    GIVEN: "handovers",
    ANSWERED: "handovers",
    UNCOVERED: None,
    AGREEMENT: "milestones",
    RELEASE_MEETING: "milestones",
    RELEASE_WEEK: "milestones",
    FOLLOW_UP: "milestones",
    GOODBYE: "milestones",
    PLANNED_END: "milestones",
    PAUSE: "weeks",
    GATHERING: "milestones",
    SILENCE: "care",
    WELLBEING: "care",
    DIGEST: "care",
    REFERRAL: "care",
    CLEARANCE: "care",
    IDLE: "care",
    EXPENSE: "care",
    WISH: None,
    CLOSURE: None,
    CLOSED: None,
    SENT_BACK: None,
    MOVED: None,
    MATCH: None,
    MATCH_ANSWERED: None,
    INVITED: None,
    FAREWELL: None,
    ALERT: None,
    DECIDED: None,
    NEW_DEVICE: None,
    ACCESS_CHANGED: None,
    GUESSED: None,
    READDRESSED: None,
    RENUMBERED: None,
    WATCH: None,
    TRIAL: None,
}
APART = WAY_IN | {ASKED, GIVEN, ANSWERED, TRIAL}  # outside the budget of five a week
# Sent also over the budget.
NEVER_SPARED = WAY_IN | {UNCOVERED, CLOSURE, CLOSED, SENT_BACK, ALERT, DECIDED, WATCH, WISH}
# Written by the act itself: no rule says them again.
ANNOUNCED = WAY_IN | {
    MOVED,
    MATCH,
    MATCH_ANSWERED,
    INVITED,
    FAREWELL,
    GATHERING,
    ALERT,
    DECIDED,
    WATCH,
    RENUMBERED,
}
WAITS = frozenset(  # told to leaders, beside the mentorships
    {REFERRAL, CLEARANCE, IDLE, WISH, EXPENSE}
)
REPEATS = frozenset({AGAIN})  # the first to go
# A letter makes no sound, so it may come in quiet hours; and it reaches who has lost the phone.
BY_MAIL = WAY_IN | {DIGEST, INVITED, FAREWELL, WATCH}

# Three texts of one length, the same for everybody, in Danish for all: a lock screen tells
# neither what is due nor who reads another language.
TITLE = "Påmindelse"
TEXTS = {EVALUATION: "Der venter en evaluering", SCORES: "Der venter to korte svar"}
SOMETHING = "Der venter noget i appen"
