"""`python -m app.keyring FILE` makes the master keys, before the app itself can start."""

from pathlib import Path

import click

from app import keyring

NO_FILE = "Filen findes ikke. Lav den først."


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--sealing", is_flag=True, help="Add a new key that phones seal to; old ones stay.")
@click.option("--push", is_flag=True, help="The file is for the key that push services know.")
@click.option("--rotate", is_flag=True, help="With --push: add a new one; old ones stay.")
@click.option("--copy", type=click.Path(path_type=Path), help="Write a copy to keep elsewhere.")
@click.option("--fingerprint", is_flag=True, help="Print by what two copies can be compared.")
def make(
    path: Path,
    sealing: bool,
    push: bool,
    rotate: bool,
    copy: Path | None,
    fingerprint: bool,
) -> None:
    """Make the master keys, in a file that only you can read. Keep two copies elsewhere."""
    if copy or fingerprint:
        _show(path, copy)
        return
    if push:
        if path.exists() != rotate:
            raise click.ClickException(NO_FILE if rotate else "Filen findes. Brug --rotate.")
        click.echo(f"Nøgle {keyring.add_key(path, 'push')}")
        return
    if sealing:
        if not path.exists():
            raise click.ClickException(NO_FILE)
        click.echo(f"Nøgle {keyring.add_sealing_key(path)}")
        return
    try:
        keyring.create(path)
    except FileExistsError as exists:
        raise click.ClickException(
            "Filen findes. En nøglering bliver aldrig overskrevet."
        ) from exists


def _show(path: Path, copy: Path | None) -> None:
    try:
        if copy:
            keyring.copy(path, copy)
        click.echo(keyring.load(copy or path).fingerprint)
    except FileNotFoundError as missing:
        raise click.ClickException(NO_FILE) from missing
    except FileExistsError as exists:
        raise click.ClickException("Kopien findes. Vælg et andet navn.") from exists


if __name__ == "__main__":
    make(prog_name="python -m app.keyring")
