"""Brings both stores to the newest migration, in one step of its own before workers start."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData
from sqlmodel import SQLModel

from app import attempts, key_store
from app.config import ROOT
from app.domain import (
    agreements,
    alerts,
    branches,
    calls,
    clearing,
    closures,
    code_apps,
    consents,
    contacts,
    debriefs,
    demo,
    devices,
    disclosures,
    erasure,
    evaluations,
    exit_forms,
    exit_links,
    feeds,
    figures,
    follow_ups,
    gatherings,
    grants,
    guides,
    half_sign_ins,
    handovers,
    heartbeats,
    hours,
    imports,
    intakes,
    invitations,
    matches,
    meetings,
    mentors,
    mentorships,
    moves,
    notices,
    partners,
    passkeys,
    pauses,
    people,
    plans,
    preferences,
    profiles,
    receipts,
    recovery_codes,
    referrals,
    requirements,
    reviews,
    rota,
    rules,
    sign_ins,
    stand_ins,
    threads,
    trail,
    wishes,
)
from app.house import House

MIGRATIONS = ROOT / "app" / "migrations"
NOUNS = (  # every table must be known before a migration is compared with the models
    agreements,
    alerts,
    attempts,
    branches,
    calls,
    clearing,
    closures,
    code_apps,
    consents,
    contacts,
    debriefs,
    demo,
    devices,
    disclosures,
    erasure,
    evaluations,
    exit_forms,
    exit_links,
    feeds,
    figures,
    gatherings,
    grants,
    follow_ups,
    guides,
    half_sign_ins,
    handovers,
    heartbeats,
    hours,
    imports,
    intakes,
    matches,
    invitations,
    meetings,
    mentors,
    mentorships,
    moves,
    notices,
    partners,
    passkeys,
    pauses,
    people,
    plans,
    preferences,
    profiles,
    receipts,
    recovery_codes,
    referrals,
    requirements,
    rota,
    reviews,
    rules,
    sign_ins,
    stand_ins,
    threads,
    trail,
    wishes,
)


def upgrade(house: House) -> None:
    """Key store first: the data need it, not the other way round."""
    for config in stores(house):
        command.upgrade(config, "head")


def check(house: House) -> None:
    """Raise when the tables and the models say different things."""
    for config in stores(house):
        command.check(config)


def revise(house: House, message: str) -> None:
    """Draft a migration of the data store from what the models say."""
    command.revision(stores(house)[1], message, autogenerate=True)


def stores(house: House) -> list[Config]:
    keys = _config(house.keys.engine, key_store.key_metadata, "keys")
    return [keys, _config(house.data, SQLModel.metadata, "data")]


def _config(engine: Engine, metadata: MetaData, store: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / store))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(engine=engine, metadata=metadata)
    return config
