"""Who was refused what, in the log of the app: ids and words of ours, never an address.

Somebody who tries doors leaves a line for each. What was asked for without a sign-in is no refusal:
half the world asks for that, and is shown the way in.
"""

import logging

from flask import Flask, Response, request
from flask_login import current_user

WAYS_IN = frozenset(
    {
        "sign_in.enter",
        "sign_in.enter_by_passkey",
        "sign_in.enter_by_code",
        "invitations.accept",
        "invitations.accept_by_passkey",
        "locked.unlock",
        "locked.prove",
        "lending.give_back",
    }
)
REFUSED = {403, 404, 429}  # foreign and unknown are one 404
log = logging.getLogger("primus")


def install(app: Flask) -> None:
    app.after_request(_note)


def _note(answer: Response) -> Response:
    if request.endpoint and (answer.status_code in REFUSED or _is_no_way_in(answer)):
        known = current_user.is_authenticated
        who = f"person {current_user.id}" if known else "nobody"
        log.warning(
            "%s refused %s %s to %s", answer.status_code, request.method, request.endpoint, who
        )
    return answer


def _is_no_way_in(answer: Response) -> bool:
    return request.endpoint in WAYS_IN and answer.status_code == 422
