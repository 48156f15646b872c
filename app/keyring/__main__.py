"""`python -m app.keyring FILE` makes the master keys, before the app itself can start."""

from pathlib import Path

import click

from app import keyring


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--sealing", is_flag=True, help="Add a new key that phones seal to; old ones stay.")
def make(path: Path, sealing: bool) -> None:
    """Make the master keys, in a file that only you can read. Keep two copies elsewhere."""
    if sealing:
        if not path.exists():
            raise click.ClickException("Filen findes ikke. Lav den først, uden --sealing.")
        click.echo(f"Nøgle {keyring.add_sealing_key(path)}")
        return
    try:
        keyring.create(path)
    except FileExistsError as exists:
        raise click.ClickException(
            "Filen findes. En nøglering bliver aldrig overskrevet."
        ) from exists


if __name__ == "__main__":
    make(prog_name="python -m app.keyring")
