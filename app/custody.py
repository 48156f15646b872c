"""`flask --app wsgi …`: what keeps the keys and the data safe."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

from app import backups, restores, rolls
from app.doors import Closed
from app.house import House
from app.snapshots import Failed

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("roll-keys")
@click.option("--escrowed", metavar="FINGERPRINT", help="Of a copy that somebody else keeps.")
@click.option("--trail", "which", flag_value="trail", help="The access log's key instead.")
@click.option("--forms", "which", flag_value="forms", help="The key for cookies instead.")
def roll_keys(escrowed: str | None, which: str | None) -> None:
    """Exchange the master key while the app runs; with --escrowed, destroy the old one.

    Monthly, after an early erasure, and when a key may have been seen by others.
    """
    house = _house()
    with _said():
        if which == "trail":
            rolls.exchange_trail(house)
            click.echo("Adgangsloggen har en ny nøgle. Gem dens hoved: flask verify-trail")
        elif which == "forms":
            rolls.exchange_forms(house)
            click.echo("Cookies får en ny nøgle, når serveren startes igen. Alle logger ind igen.")
        elif escrowed:
            _finish(house, escrowed)
        else:
            _begin(house)


def _begin(house: House) -> None:
    epoch, wrapped = rolls.begin(house)
    click.echo(f"Hovednøgle {epoch} er i brug. Pakket om: {wrapped} nøgler.")
    click.echo("Lav nu en kopi, som en anden gemmer, og destruer så den gamle:")
    click.echo(f"  python -m app.keyring {house.settings.keyring} --copy KOPI")
    click.echo("  flask --app wsgi backup MAPPE")
    click.echo("  flask --app wsgi roll-keys --escrowed FINGERAFTRYK")


def _finish(house: House, fingerprint: str) -> None:
    try:
        epoch = rolls.finish(house, fingerprint)
    except rolls.NotEscrowed as wrong:
        raise click.ClickException(
            "Fingeraftrykket passer ikke. Læs det af kopien selv: "
            "python -m app.keyring KOPI --fingerprint"
        ) from wrong
    click.echo(f"Kun hovednøgle {epoch} er tilbage. Ældre kopier af nøglelageret åbner intet.")


@click.command("backup")
@click.argument("folder", type=FOLDER)
@click.option("--keep", default=backups.KEPT, type=click.IntRange(1), help="How many stay.")
def backup(folder: Path, keep: int) -> None:
    """Copy both stores, sealed, into a folder while the app is in use, and try the copy.

    The keyring is not in it. Copies of the keys are never older than 31 days.
    """
    with _said():
        made, found = backups.make(_house(), folder, keep)
    seq, mac = found.head
    click.echo(f"Kopien {made.stamp} er prøvet: {found.keys} nøgler, {found.cells} slags tekster.")
    click.echo(f"Gem loggens hoved et andet sted: {seq}:{mac.hex()}")


@click.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--key", type=click.Path(path_type=Path), help="The file that opens backups.")
@click.option("--at", metavar="STAMP", help="The data of that backup instead of the newest.")
@click.option("--replace", is_flag=True, help="Also where there are data already.")
def restore(folder: Path, key: Path | None, at: str | None, replace: bool) -> None:
    """Put a backup back. The app answers 503 until all erased people are erased again."""
    with _said():
        done = restores.restore(_house(), folder, key, at, over_data=replace)
    click.echo(f"Data fra {done.data.stamp}, nøgler fra {done.keys.stamp}.")
    click.echo(f"Slettet igen: {done.erased}. Appen er åben.")


@contextmanager
def _said() -> Iterator[None]:
    """What goes wrong is told in a sentence."""
    try:
        yield
    except Failed as failed:
        raise click.ClickException(str(failed)) from failed
    except Closed as closed:
        raise click.ClickException(
            "En kopi er ved at blive lagt ind. Gør det færdigt først: flask restore"
        ) from closed
    except OSError as error:
        raise click.ClickException(f"Det kan ikke skrives: {error.strerror}") from error


def _house() -> House:
    made: House = current_app.extensions["house"]
    return made


COMMANDS = (backup, restore, roll_keys)
