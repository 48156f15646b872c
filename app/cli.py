"""`flask --app wsgi …`: everything that is done from a shell."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock, custody, push, schema
from app.domain import demo as demo_data
from app.domain import erasure, guides, imports, invitations, reviews, sheets, staff, trail
from app.domain.mentors import Newcomer
from app.domain.people import CONSULTANT
from app.eraser import Eraser
from app.house import House
from app.mail import Mailer
from app.worker import Worker, end_with, timer

database = AppGroup("db", help="The stores.")


@database.command("upgrade")
def upgrade() -> None:
    """Bring both stores to the newest migration."""
    schema.upgrade(_house())
    click.echo("Lagrene er klar.")


@database.command("check")
def check() -> None:
    """Fail when a model has no migration."""
    schema.check(_house())


@database.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Draft a migration from what the models say."""
    schema.revise(_house(), message)


@click.command("demo")
@click.option("--seed", default=1, help="The same seed on the same day gives the same people.")
def demo(seed: int) -> None:
    """Fill an empty store with believable people who do not exist."""
    house = _house()
    schema.upgrade(house)
    scale = int(os.environ.get("DEMO_SCALE", "1"))
    try:
        with house.work(writes=True) as (unit, _):
            made = demo_data.fill(house.settings, house.keyring, seed, clock.today(), scale)
            unit.commit()
    except demo_data.NotADemo as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("Demodata er lagt ind." if made else "Demodata var her i forvejen.")
    port = os.environ.get("PORT", "8000")
    click.echo(f"\nhttp://127.0.0.1:{port} – adgangskoden er {demo_data.PASSWORD}\n")
    for email, what in demo_data.ACCOUNTS:
        click.echo(f"  {email:26} {what}")


@click.command("publish")
def publish() -> None:
    """Publish the texts that changed; everyone is asked to accept those again."""
    with _house().work(writes=True) as (unit, _):
        changed = guides.publish()
        unit.commit()
    click.echo("Udgivet: " + (", ".join(changed) or "intet nyt"))


@click.command("wording")
@click.argument("key")
@click.argument("language")
@click.argument("text")
def wording(key: str, language: str, text: str) -> None:
    """Set how a paragraph of law is written, and publish what it stands in."""
    with _house().work(writes=True) as (unit, _):
        try:
            guides.reword(key, language, text)
        except KeyError as unknown:
            known = ", ".join(sorted({k for k, _ in guides.all_wordings()}))
            raise click.ClickException(f"Kendte paragraffer: {known}") from unknown
        changed = guides.publish()
        unit.commit()
    click.echo("Udgivet: " + (", ".join(changed) or "intet nyt"))


@click.command("invite")
@click.argument("email")
@click.option("--first-name", help="Of somebody new: the first name.")
@click.option("--surname", default="", help="Of somebody new: the surname.")
def invite(email: str, first_name: str | None, surname: str) -> None:
    """Print a link by which a person gets in, once and within a week.

    With a first name, somebody new becomes a consultant: so the first of them gets in.
    """
    house = _house()
    lookup = house.keyring.lookup
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        person = staff.with_email(email, lookup)
        if person is None and first_name:
            person, who = uuid4(), Newcomer(first_name, surname, email, None)
            staff.hire(person, who, CONSULTANT, None, lookup, pen)
        known = staff.one(person, clock.today()) if person else None
        if known is None or not known.roles:
            raise click.ClickException("Den adresse har ingen med en rolle.")
        token = invitations.invite(known.id, pen, by=None)
        unit.commit()
    click.echo(f"{house.settings.origin}/invitation/{token}")


@click.command("import-people")
@click.argument("file", type=click.File("rb"))
@click.option("--refused", type=click.Path(writable=True), help="Where rows with a fault go.")
def import_people(file: BinaryIO, refused: str | None) -> None:
    """Take in people from a CSV file; columns: fornavn, efternavn, e-mail, rolle, telefon,
    afdeling. Nobody is invited by it.
    """
    columns = (imports.PEOPLE_COLUMNS, imports.PEOPLE_MORE)
    _import(file.read(), columns, imports.take_people, refused)


@click.command("import-mentorships")
@click.argument("file", type=click.File("rb"))
@click.option("--refused", type=click.Path(writable=True), help="Where rows with a fault go.")
def import_mentorships(file: BinaryIO, refused: str | None) -> None:
    """Take in mentorships that run from a CSV file; columns: nr, fornavn, kommune, løsladelse,
    match, mentor 1, mentor 2, leder, efternavn, telefon, fødselsdag, institution.
    """
    columns = (imports.LIVES_COLUMNS, imports.LIVES_MORE)
    _import(file.read(), columns, imports.take_mentorships, refused)


def _import(
    data: bytes,
    columns: tuple[tuple[str, ...], tuple[str, ...]],
    take: Callable[..., None],
    refused: str | None,
) -> None:
    """In batches, so that the app goes on meanwhile; what broke off is simply run again."""
    house, made, seen = _house(), imports.Outcome(), imports.Seen()
    try:
        lines = sheets.read(data, *columns)
    except sheets.Unreadable as fault:
        raise click.ClickException(str(fault)) from fault
    for start in range(0, len(lines), imports.BATCH):
        with house.work(writes=True) as (unit, _):
            pen = trail.Pen(house.keyring.trail, None, None)
            batch = lines[start : start + imports.BATCH]
            take(batch, seen, house.keyring.lookup, pen, made)
            unit.commit()
    click.echo(f"Taget ind: {made.taken}. Kendt i forvejen: {made.known}.")
    click.echo(f"Afvist: {len(made.refused)}.")
    if made.refused:
        watermark = uuid4()
        with house.work(writes=True) as (unit, _):
            trail.Pen(house.keyring.trail, None, None).write(trail.EXPORTED, "import", watermark)
            unit.commit()
        returned = sheets.write([*columns[0], *columns[1]], made.refused, watermark)
        if refused:
            Path(refused).write_text(returned, encoding="utf-8-sig", newline="")
            click.echo(f"De afviste rækker ligger i {refused}")
        else:
            click.echo(returned, nl=False)


class Anchor(click.ParamType):
    """A head of the trail as `verify-trail` prints it."""

    name = "SEQ:HEX"

    def convert(self, value: str, *_: object) -> tuple[int, bytes]:
        seq, colon, mac = value.partition(":")
        try:
            anchor = int(seq), bytes.fromhex(mac)
        except ValueError:
            colon = ""
        if not colon:
            self.fail(f"{value!r} er ikke et hoved (SEQ:HEX)")
        return anchor


@click.command("verify-trail")
@click.option("--anchor", type=Anchor(), help="A head printed earlier: shows a tail cut since.")
def verify_trail(anchor: tuple[int, bytes] | None) -> None:
    """Check that nothing in the access log was changed, lost or moved."""
    house = _house()
    with house.work(writes=False):
        try:
            keys = house.keyring
            broken = trail.first_broken(keys.trail, anchor, keys.older_trails)
        except trail.TooOld as old:
            why = "Hovedet er ældre end det, der er slettet efter 24 måneder. Brug et nyere."
            raise click.ClickException(why) from old
        seq, mac = trail.head()
    if broken:
        raise click.ClickException(f"Kæden er brudt ved nr. {broken}")
    click.echo(f"Kæden holder. Gem hovedet et andet sted: {seq}:{mac.hex()}")


@click.command("prune-trail")
def prune_trail() -> None:
    """Seal and delete the part of the access log that is older than 24 months."""
    house = _house()
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        count = reviews.prune(house.keyring.trail, clock.today(), pen)
        unit.commit()
    click.echo(f"Forseglet og slettet: {count}")


@click.command("erase")
@click.option("--person", type=click.UUID, help="Only this one, due or not; needs --why.")
@click.option("--why", type=click.Choice(sorted(erasure.REASONS)), help="Why ahead of time.")
def erase(person: UUID | None, why: str | None) -> None:
    """Erase all that is due, or one person ahead of time. May be run again after it broke off."""
    eraser = Eraser(_house())
    if (person is None) != (why is None):
        raise click.UsageError("Skriv både --person og --why, eller ingen af dem.")
    if person and why:
        _erase_one(eraser, person, why)
        return
    night = eraser.run(clock.now())
    click.echo(f"Slettet: {night.erased} personer.")
    click.echo(f"Kommentarer og noter slettet i {night.faded} forløb.")
    click.echo(f"Ryddet op: {night.cleared} gamle rækker, {night.strays} nøgler uden ejer.")
    if not night.good:
        raise click.ClickException(
            f"{night.left} sletninger er ikke færdige: nogen læser endnu. Kør den igen."
        )


def _erase_one(eraser: Eraser, person: UUID, why: str) -> None:
    try:
        made = eraser.person(person, why, clock.now())
    except erasure.Refused as refused:
        raise click.ClickException("Personen har en rolle endnu. Afslut den først.") from refused
    if made is None:
        raise click.ClickException("Der er ingen med det nummer.")
    with _house().work(writes=False):
        told, counts = erasure.one(made), erasure.counts(made)
    click.echo(f"Kvittering {made}")
    for name, n in counts:
        click.echo(f"  {name}: {n}")
    if told is None or told.done_at is None:
        raise click.ClickException("Sletningen er ikke færdig: nogen læser endnu. Kør den igen.")
    click.echo("Slettet. Nøglen er ødelagt.")


@click.command("worker")
@click.option("--senders", default=2, help="How many tasks are worked on at the same time.")
@click.option("--no-timer", is_flag=True, help="Only sends; another worker keeps the time.")
@click.option("--parent", type=int, help="Ends when this process, which started it, ends.")
def worker(senders: int, no_timer: bool, parent: int | None) -> None:
    """Plan and send reminders until stopped. One keeps the time, any number send."""
    house = _house()
    sends = Worker(house, push.Pusher(house.settings), Mailer(house.settings))
    queue = timer(house.settings, sends, Eraser(house), house.keyring.forms)
    if parent:
        end_with(parent)
    if not no_timer:
        queue.tick()
    consumer = queue.create_consumer(workers=senders, periodic=not no_timer, max_delay=1.0)
    consumer.run()


def _house() -> House:
    made: House = current_app.extensions["house"]
    return made


COMMANDS = {
    c.name: c
    for c in (
        database,
        demo,
        erase,
        import_mentorships,
        import_people,
        invite,
        prune_trail,
        publish,
        verify_trail,
        wording,
        worker,
        *custody.COMMANDS,
    )
}
