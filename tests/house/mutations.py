"""`python -m tests.house.mutations [T2 …]`: takes away one answer to a threat at a time.

Each is taken out of a copy of the tree; the test named after the threat must then fail. First all
of these tests are run on the copy as it is: a test that fails anyway shows nothing.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from app.config import ROOT

COPIED = ("app", "static", "templates", "tests", "translations")
FILES = ("wsgi.py", "pyproject.toml", "requirements.lock", "README.md", "Makefile")
LIMIT = 600  # seconds


class Mutation(NamedTuple):
    threat: str
    taken_away: str
    file: str
    old: str
    new: str
    test: str


MUTATIONS = (
    Mutation(
        "T1",
        "a lost phone is signed out",
        "app/web/my_sign_ins.py",
        "    if sign_in_id in _others():\n        devices.sign_out(sign_in_id, pen())\n",
        "",
        "web/test_my_sign_ins.py::test_t1_a_lost_phone_is_signed_out_from_another_device",
    ),
    Mutation(
        "T2",
        "roles are asked for at every request",
        "app/domain/sign_ins.py",
        "        PEOPLE.c.left_at.is_(None),\n        held_today,\n",
        "        PEOPLE.c.left_at.is_(None),\n        bindparam('day').is_not(None),\n",
        "house/test_leaders.py::test_a_former_leader_is_signed_out_of_all_of_it",
    ),
    Mutation(
        "T4",
        "a matched referral is read with its mentorship",
        "app/domain/access.py",
        "return [one for one in own if one.participant_id not in others]",
        "return own",
        "house/test_matched_referrals.py"
        "::test_T4_a_matched_referral_is_closed_to_the_branch_that_its_mentorship_left",
    ),
    Mutation(
        "T3",
        "a leader's mentors are those of the own branch",
        "app/domain/access.py",
        "return branch_id is not None and branch_id in me.leads",
        "return branch_id is not None",
        "house/test_outsider.py::test_T3_of_400_ids_each_opens_only_their_own",
    ),
    Mutation(
        "T1",
        "a device that was left alone is locked",
        "app/web/guard.py",
        "    app.before_request(presence.lock_what_was_left_alone)\n",
        "",
        "house/test_locks.py::test_T1_a_device_that_was_left_alone_is_locked",
    ),
    Mutation(
        "T1",
        "the fifth wrong PIN signs out",
        "app/web/locked.py",
        "    if left <= 0:\n        return _signed_out()\n",
        "",
        "house/test_locks.py::test_T1_the_fifth_wrong_pin_signs_the_device_out",
    ),
    Mutation(
        "T9",
        "what the server refuses is not shown behind the lock",
        "app/web/guard.py",
        'if "unseen" in g and not _has_gone_on(response):',
        "if False:",
        "house/test_locks.py::test_T9_what_the_server_does_not_take_is_not_shown_behind_the_lock",
    ),
    Mutation(
        "T12",
        "a password is half the way",
        "app/web/sign_in.py",
        "    if code_apps.has(person) or passkeys.of(person):\n"
        "        tries.give_back(*limits)\n"
        "        return _ask_for_the_second(person)\n",
        "",
        "house/test_ways_in.py::test_T12_a_right_password_is_half_the_way",
    ),
    Mutation(
        "T12",
        "digits work once",
        "app/domain/code_apps.py",
        ', CODE_APPS.c.last_step < bindparam("step")',
        "",
        "house/test_ways_in.py::test_T12_digits_work_once",
    ),
    Mutation(
        "T12",
        "a challenge works once",
        "app/web/ceremonies.py",
        '    if not tries.is_within(ONCE, f"challenge {named}"):\n        raise Failed\n',
        "",
        "house/test_ways_in.py::test_T12_an_answer_is_good_once",
    ),
    Mutation(
        "T12",
        "a link opens no account that has a way in",
        "app/web/invitations.py",
        "    if not ways_in.of(person).second:\n        return True\n    code",
        "    return True\n    code",
        "house/test_ways_in.py::test_T12_a_link_that_went_astray_opens_no_account_in_use",
    ),
    Mutation(
        "T13",
        "another address is told at the one before",
        "app/worker.py",
        "(elsewhere or person.email)",
        "person.email",
        "web/test_corrections.py::test_T13_another_address_is_told_at_the_one_before",
    ),
    Mutation(
        "T13",
        "the consultant's code lasts a quarter of an hour",
        "app/domain/recovery_codes.py",
        "clock.now() + LENT_LASTS",
        "None",
        "house/test_ways_in.py::test_T13_the_consultant_s_code_lasts_a_quarter_of_an_hour",
    ),
    Mutation(
        "T15",
        "the gravest acts ask for a fresh proof",
        "app/web/guard.py",
        "    app.before_request(presence.ask_for_a_fresh_proof)\n",
        "",
        "house/test_locks.py::test_T15_a_change_of_rights_asks_who_it_is",
    ),
    Mutation(
        "T24",
        "a known phone fails in a count of its own",
        "app/web/arriving.py",
        "    if sign_ins.knows(person, named):\n",
        "    if False:\n",
        "house/test_ways_in.py::test_T24_the_owner_s_known_phone_enters_during_an_attack",
    ),
    Mutation(
        "T15",
        "the organisation asked who it is just now",
        "app/web/organisation.py",
        " <= LATELY.total_seconds()",
        "",
        "house/test_organisation.py::test_T15_a_session_that_stands_open_over_there_opens_nothing",
    ),
    Mutation(
        "T24",
        "a try is counted before it is looked at",
        "app/attempts.py",
        "                    return False\n            unit.commit()\n",
        "                    pass\n            unit.commit()\n",
        "domain/test_attempts.py::test_T24_of_many_at_once_no_more_are_taken_than_may_be",
    ),
    Mutation(
        "T24",
        "nobody is kept out by who shares the network",
        "app/web/arriving.py",
        '.hex()}"),)\n',
        '.hex()}"), *of_strangers)\n',
        "house/test_ways_in.py::test_T24_the_owner_s_known_phone_enters_while_its_network_is_refused",
    ),
    Mutation(
        "T13",
        "a link to an account in use is shown to nobody",
        "app/domain/invitations.py",
        "    return ways_in.of(person_id).second\n",
        "    return False\n",
        "house/test_ways_in.py::test_T13_a_consultant_alone_opens_no_account_in_use",
    ),
    Mutation(
        "T25",
        "opening the lock changes the token",
        "app/web/locked.py",
        "    renew_session(token)\n",
        "",
        "house/test_locks.py::"
        "test_T25_opening_changes_the_token_and_the_old_cookie_is_worth_nothing",
    ),
    Mutation(
        "T15",
        "letters go to those with a role",
        "app/worker.py",
        "col(Person.left_at).is_(None), holds_one.exists())\n",
        "col(Person.left_at).is_(None))\n",
        "house/test_nobody_outside.py::test_T15_letters_go_to_people_of_ours_and_to_nobody_else",
    ),
    Mutation(
        "T16",
        "the last word on a consent holds",
        "app/domain/consents.py",
        ".order_by(CONSENTS.c.at, CONSENTS.c.id)",
        ".order_by(CONSENTS.c.at.desc(), CONSENTS.c.id)",
        "web/test_referrals.py::test_a_consent_is_taken_back_at_once_and_both_are_kept",
    ),
    Mutation(
        "T17",
        "the log holds the kind of a failure and not its words",
        "app/web/errors.py",
        "type(error).__name__, request.endpoint",
        "error, request.endpoint",
        "house/test_failures.py::test_the_log_names_kind_and_place_only",
    ),
    Mutation(
        "T18",
        "forms of other sites are refused",
        "app/web/guard.py",
        "    app.before_request(_refuse_foreign_forms)\n",
        "",
        "house/test_forgery.py::test_T18_a_form_from_another_site_is_refused_even_with_its_token",
    ),
    Mutation(
        "T19",
        "templates escape what people wrote",
        "templates/threads/page.html",
        "{{ ",
        "{{ ''|safe ~ ",
        "house/test_templates.py::test_no_template_holds",
    ),
    Mutation(
        "T19",
        "what people wrote is shown as text",
        "app/web/hypertext.py",
        "    app.jinja_environment = SpokenEnvironment\n",
        "    app.jinja_environment = SpokenEnvironment\n"
        "    app.select_jinja_autoescape = lambda name: False\n",
        "web/test_threads.py::test_what_is_written_is_shown_as_text",
    ),
    Mutation(
        "T20",
        "a cell does not begin a formula",
        "app/domain/sheets.py",
        "    formula = cell.startswith(FORMULA) or seen.startswith(FORMULA)\n",
        "    formula = False\n",
        "web/test_imports.py::test_the_refused_rows_come_back_as_a_file_without_formulas",
    ),
    Mutation(
        "T23",
        "the same work for an account that nobody has",
        "app/web/passwords.py",
        "    try:\n        hasher.verify(known or _nobodys(), ",
        "    if known is None:\n        return False\n    try:\n        hasher.verify(known, ",
        "house/test_sign_in.py::test_known_and_unknown_are_answered_alike_and_as_slowly",
    ),
    Mutation(
        "T24",
        "only a proxy of ours is believed",
        "app/__init__.py",
        "    if settings.proxies:\n",
        "    settings = __import__('dataclasses').replace(settings, proxies=1)\n    if True:\n",
        "house/test_network_claims.py::test_T24_a_made_up_origin_buys_no_further_attempts",
    ),
    Mutation(
        "T25",
        "a sign-in begins an empty session",
        "app/web/asking.py",
        "    session.clear()\n    session.permanent = True\n",
        "    session.permanent = True\n",
        "house/test_sign_in.py::test_what_was_in_the_cookie_before_signing_in_is_gone",
    ),
    Mutation(
        "T26",
        "push hosts are whole names",
        "app/domain/devices.py",
        "if host not in HOSTS and not host.endswith(ENDINGS):",
        'if not any(one.strip(".") in host for one in (*HOSTS, *ENDINGS)):',
        "domain/test_push.py::test_an_address_outside_the_push_services_is_refused",
    ),
    Mutation(
        "T26",
        "a name that leads inside is not called",
        "app/push.py",
        "    return ip.is_global and not ip.is_multicast\n",
        "    return True\n",
        "domain/test_push.py::test_a_name_that_leads_into_a_house_is_not_called",
    ),
    Mutation(
        "T28",
        "an address has one owner",
        "app/domain/devices.py",
        "    if known and known.person_id != person_id:\n        raise Taken\n",
        "",
        "web/test_reminders.py::test_anothers_address_is_refused_and_theirs_stands",
    ),
    Mutation(
        "T32",
        "a restore erases the erased again",
        "app/restores.py",
        "clock.now()) for subject in erased]",
        "clock.now()) for subject in ()]",
        "custody/test_restores.py::test_T32_erased_person_does_not_come_back_by_restore",
    ),
    Mutation(
        "T32",
        "whoever is erased gets no key again",
        "app/key_store.py",
        '            if connection.execute(_TOMBSTONE, {"person": person}).first():\n'
        "                raise KeyGone(str(person))\n",
        "",
        "domain/test_erasure.py::test_an_erased_person_never_gets_a_key_again",
    ),
    Mutation(
        "T34",
        "an entry is sealed with its content",
        "app/domain/trail.py",
        "    return any(hmac.compare_digest(mac, _seal(key, entry)) for key in keys)\n",
        "    return True\n",
        "domain/test_trail.py::test_T34_a_changed_entry_is_found",
    ),
    Mutation(
        "T34",
        "a head kept elsewhere shows a cut tail",
        "app/domain/trail.py",
        "(head.seq, head.mac) == (seq, mac) and anchored",
        "(head.seq, head.mac) == (seq, mac)",
        "domain/test_trail.py::test_T34_a_cut_tail_with_the_head_moved_back_is_found_by_the_anchor",
    ),
    Mutation(
        "T35",
        "scripts of others are what was looked at",
        "static/vendor/idb-8.0.4/idb.min.js",
        "function",
        "function ",
        "house/test_lock_files.py::test_T35_what_lies_here_of_others_is_what_was_looked_at",
    ),
    Mutation(
        "T36",
        "a body has a limit",
        "app/__init__.py",
        "MAX_CONTENT_LENGTH=config.BODY_LIMIT,\n        MAX_FORM_MEMORY_SIZE=config.BODY_LIMIT",
        "MAX_CONTENT_LENGTH=None,\n        MAX_FORM_MEMORY_SIZE=None",
        "web/test_logs_requests.py::test_a_body_over_64_kilobytes_is_refused_calmly",
    ),
    Mutation(
        "T37",
        "a SQLite that can lose commits is refused",
        "app/db.py",
        "SQLITE_FLOOR = (3, 51, 3)",
        "SQLITE_FLOOR = (3, 0, 0)",
        "domain/test_migrations.py::test_an_unsafe_sqlite_is_refused",
    ),
    Mutation(
        "T38",
        "a form is taken for one's own mentorship",
        "app/web/desk.py",
        "    if here and here.id == wanted:\n",
        "    if here:\n",
        "web/test_logs_ids.py::test_a_mentorship_that_is_not_mine_does_not_exist",
    ),
    Mutation(
        "T39",
        "the health page says that nothing was erased",
        "app/domain/heartbeats.py",
        "return erasing is None or erasing.at is None or erasing.at < now - A_NIGHT",
        "return False",
        "domain/test_erasure_traces.py::test_health_says_that_nothing_was_erased_for_a_night",
    ),
)


def main(asked: list[str]) -> int:
    wanted = [m for m in MUTATIONS if not asked or m.threat in asked]
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        if failing := failed(tree, *dict.fromkeys(m.test for m in wanted)):
            print(f"before anything is taken away: {failing}")
            return 1
        unseen = [m for m in wanted if not is_seen(tree, m)]
    print(f"mutations: {len(wanted)} answers taken away, {len(wanted) - len(unseen)} seen")
    return int(bool(unseen))


def copied(tree: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("node_modules"))
    for name in FILES:
        shutil.copy(ROOT / name, tree / name)
    return tree


def is_seen(tree: Path, mutation: Mutation) -> bool:
    """Whether the test fails without the answer."""
    path = tree / mutation.file
    whole = path.read_text()
    if mutation.old not in whole:
        raise RuntimeError(f"{mutation.file} does not hold what is to be taken away")
    path.write_text(whole.replace(mutation.old, mutation.new, 1))
    try:
        seen = failed(tree, mutation.test) == "1 failed"
    finally:
        path.write_text(whole)
    word = "seen  " if seen else "UNSEEN"
    print(f"{word} {mutation.threat}: {mutation.taken_away} ({mutation.test})", flush=True)
    return seen


def failed(tree: Path, *tests: str) -> str:
    """How many failed, in pytest's own words; one that could not even begin is another word.

    On SQLite, where the answer is the same.
    """
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no")
    stop = ("-x",) if len(tests) == 1 else ()
    done = subprocess.run(
        (*command, *stop, "-m", "not postgres", *(f"tests/{test}" for test in tests)),
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = re.findall(r"\d+ (?:failed|errors?)", done.stdout)
    return " ".join(said) or done.stdout[-400:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
