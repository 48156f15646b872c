"""Which pages are for whom: every endpoint that is not the mentors' stands here by name.

Closed by default: what is in no list asks for a sign-in and for a mentor. The guard keeps to it.
"""

OPEN_TO_ALL = frozenset(
    {
        "sign_in.show",
        "sign_in.enter",
        "sign_in.options",
        "organisation.leave_for_it",
        "organisation.come_back",
        "sign_in.enter_by_passkey",
        "sign_in.ask",
        "sign_in.enter_by_code",
        "health.show",
        "health.favicon",
        # What a phone keeps for all who use it says nothing about anybody.
        "shell.worker",
        "shell.outbox",
        "shell.moede_da",
        "shell.kontakt_da",
        "shell.giv_da",
        "shell.udbakke_da",
        "shell.regler_da",
        "shell.uden_signal_da",
        "shell.ingen_forbindelse_da",
        "shell.moede_en",
        "shell.kontakt_en",
        "shell.giv_en",
        "shell.udbakke_en",
        "shell.regler_en",
        "shell.uden_signal_en",
        "shell.ingen_forbindelse_en",
        "hiding.show",  # says nothing of anybody
        "hiding.lift",
        "privacy.show",
        "privacy.security",
        "install.manifest",
        "reminders.shown",  # a phone that is signed out shows them too: the id is the secret
        "exit_forms.show",  # the link is the secret: a participant has no account
        "exit_forms.send",
        "exit_forms.thanks",
        "invitations.show",  # the way in: the link is the secret
        "invitations.accept",
        "invitations.offer",
        "invitations.accept_by_passkey",
        "calendar.feed",  # a calendar cannot sign in: its link is the secret
    }
)
LEADERS = frozenset(
    {
        "leader_weeks.show",
        "leader_weeks.give",
        "leader_weeks.change_rhythm",
        "leader_weeks.end_seat",
        "leader.show",
        "leader.mentorship",
        "agreements.led",
        "leader_alerts.show",
        "leader_alerts.see",
        "leader_alerts.decide",
        "stand_ins.show",
        "stand_ins.name",
        "stand_ins.end",
        "leader_grants.show",
        "leader_grants.grant",
        "leader_grants.answer",
        "leader_grants.driving",
        "leader_grants.switch",
        "partners.show",
        "partners.new",
        "partners.one",
        "partners.save",
        "partners.contact",
        "partners.close",
        "lending.show",
        "lending.lend",
        "intakes.show",
        "intakes.one",
        "intakes.save",
        "intakes.thanks",
        "leader_referrals.show",
        "leader_referrals.new",
        "leader_referrals.receive",
        "leader_referrals.one",
        "leader_referrals.screen",
        "leader_referrals.interviewed",
        "leader_referrals.close",
        "leader_referrals.situate",
        "leader_referrals.consent",
        "leader_matches.show",
        "leader_matches.one",
        "leader_matches.propose",
        "leader_matches.withdraw",
        "leader_matches.catalogue",
        "leader_matches.choose",
        "leader_matches.thanks",
        "leader_matches.seat",
        "leader_matches.fill",
        "leader_mentors.show",
        "leader_mentors.new",
        "leader_mentors.enquire",
        "leader_mentors.one",
        "leader_mentors.move",
        "leader_mentors.require",
        "leader_mentors.call",
        "leader_mentors.lend",
        "leader_mentors.leave",
        "leader_gatherings.show",
        "leader_gatherings.hold",
        "leader_gatherings.one",
        "leader_gatherings.tick",
        "leader_moves.show",
        "leader_moves.release",
        "leader_moves.institution",
        "leader_moves.municipality",
        "wishes.talked",
        "leader_closures.show",
        "leader_closures.one",
        "leader_closures.approve",
        "leader_closures.send_back",
        "leader_closures.reopen",
        "leader_closures.debrief",
        "leader_erasures.show",
        "leader_erasures.person",
        "leader_erasures.ask",
        "leader_erasures.one",
        "leader_erasures.take_back",
        "leader_exit_forms.make",
        "leader_exit_forms.answers",
        "leader_follow_ups.show",
        "leader_follow_ups.write",
        "leader_reminders.show",
        "leader_reminders.move",
        "leader_access.show",
        "leader_consents.show",
        "leader_consents.speak",
        "leader_extracts.of_life",
        "leader_extracts.hand_over_life",
        "leader_extracts.of_referral",
        "leader_extracts.hand_over_referral",
    }
)
CONSULTANTS = frozenset(
    {
        "consultant.show",
        "consultant.concerns",
        "consultant_erasures.show",
        "consultant_erasures.person",
        "consultant_erasures.ask",
        "consultant_erasures.one",
        "consultant_erasures.confirm",
        "consultant_erasures.refuse",
        "consultant_exit_forms.show",
        "consultant_imports.show",
        "consultant_imports.people",
        "consultant_imports.lives",
        "consultant_imports.take",
        "consultant_lives.show",
        "consultant_lives.search",
        "consultant_lives.one",
        "consultant_lives.open_up",
        "consultant_trail.show",
        "consultant_trail.search",
        "consultant_trail.export",
        "consultant_trail.verify",
        "consultant_trail.look",
        "consultant_rules.show",
        "consultant_rules.change",
        "consultant_staff.show",
        "consultant_staff.new",
        "consultant_staff.hire",
        "consultant_staff.one",
        "consultant_staff.invite",
        "consultant_staff.help_in",
        "consultant_staff.send",
        "consultant_staff.give",
        "consultant_staff.end",
        "consultant_staff.move",
        "consultant_places.branches",
        "consultant_places.add_branch",
        "consultant_places.add_town",
        "consultant_places.branch",
        "consultant_places.rename",
        "consultant_places.town",
        "consultant_places.change_town",
        "consultant_places.houses",
        "consultant_places.add_house",
        "consultant_places.house",
        "consultant_places.change_house",
    }
)
MY_WAYS_IN = frozenset(
    {
        "my_access.show",
        "my_access.offer",
        "my_access.add_passkey",
        "my_access.remove_passkey",
        "my_access.app",
        "my_access.add_app",
        "my_access.remove_app",
        "my_access.codes",
        "my_access.password",
        "my_access.change_password",
        "my_access.change_pin",
    }
)
ANYONE_SIGNED_IN = MY_WAYS_IN | frozenset(
    {
        "profile.show",
        "profile.speak",
        "own_data.show",
        "own_data.acts",
        "my_sign_ins.show",
        "my_sign_ins.end",
        "my_sign_ins.end_others",
        "sign_in.leave",
        "locked.show",
        "locked.unlock",
        "locked.options",
        "locked.ask",
        "locked.prove",
        "locked.stay",
        "guides.rules",
        "guides.show",
        "guides.accept",
        "outbox.key",
        "outbox.facts",
        "install.show",
        "reminders.show",
        "reminders.choose",
        "reminders.subscribe",
        "reminders.remove",
        "reminders.key",
        "reminders.trial",
        "reminders.help_page",
        "reminders.opened",
        "reminders.letters",
        "lending.ask",
        "lending.give_back",
    }
)
WHILE_LENT = frozenset(
    {"lending.ask", "lending.give_back", "exit_forms.thanks"}
)  # and what lies under the path lent
# What answers on a device that was left alone: the way to open it, and what a phone sends alone.
AT_THE_LOCK = frozenset({"locked.show", "locked.unlock", "locked.options"})
TRIED_AGAIN = AT_THE_LOCK | {"locked.prove"}  # the answer, and the new token in it, may be lost
WHILE_CLOSED = AT_THE_LOCK | {"sign_in.leave", "outbox.key"}
SENT_LATER = frozenset({"logs.create", "contacts.create", "handovers.create"})
# A phone asks these by itself: they are no sign that somebody holds it.
UNWATCHED = frozenset({"outbox.key", "outbox.facts", "reminders.shown", "reminders.key"})
# The gravest acts: whoever does them has shown who they are within a quarter of an hour.
FRESH = MY_WAYS_IN | frozenset(
    {
        "consultant_staff.hire",
        "consultant_staff.invite",
        "consultant_staff.send",
        "consultant_staff.help_in",
        "consultant_staff.give",
        "consultant_staff.end",
        "consultant_staff.move",
        "consultant_imports.show",
        "consultant_imports.take",
        "consultant_erasures.ask",
        "consultant_erasures.confirm",
        "consultant_trail.export",
        "leader_erasures.ask",
        "leader_extracts.hand_over_life",
        "leader_extracts.hand_over_referral",
        "leader_mentors.leave",
        "stand_ins.name",
    }
)
# Everything else is the mentors'.
# These hash a password or a PIN, count attempts, or take a file in pieces: they must hold no lock
# meanwhile.
CHECKS_FIRST = frozenset(
    {
        "sign_in.enter",
        "sign_in.enter_by_passkey",
        "sign_in.enter_by_code",
        "locked.unlock",
        "locked.prove",
        "my_access.add_passkey",
        "my_access.add_app",
        "my_access.change_password",
        "my_access.change_pin",
        "lending.lend",
        "lending.give_back",
        "exit_forms.send",
        "invitations.accept",
        "invitations.accept_by_passkey",
        "consultant_imports.take",
    }
)
# These take a file: only from those who may, so they are read after that is known.
UPLOADS = frozenset({"consultant_imports.take"})
# The address is a secret. Not "no-referrer": browsers then send forms with the Origin "null".
SECRET_ADDRESS = frozenset({"exit_forms.show", "exit_forms.send"})
# Open to all, and the same for everybody, whoever holds the phone.
QUIET = (
    OPEN_TO_ALL
    - SECRET_ADDRESS
    - {
        "sign_in.show",
        "sign_in.enter",
        "sign_in.options",
        "organisation.leave_for_it",
        "organisation.come_back",
        "sign_in.enter_by_passkey",
        "sign_in.ask",
        "sign_in.enter_by_code",
        "calendar.feed",
        "reminders.shown",
        "invitations.show",
        "invitations.accept",
        "invitations.offer",
        "invitations.accept_by_passkey",
    }
)
REMEMBERED = frozenset({"reminders.opened"})  # a page whose opening is written down
