"""T18: no other site can act in somebody's name, and looking changes nothing."""

from tests import stored
from tests.conftest import token_on
from tests.house.matrix import ROUTES
from tests.house.test_routes import address

FORMS = [route for route in ROUTES if route.method == "POST"]
TOKENS = (None, "", "x", "IjEi.YQ.x")
OTHERWISE = {
    # a leader can answer it; `test_ends.py` sends one that the consultant can, without a token
    "/konsulent/afslutninger/<uuid:closure_id>/tilbagesendelse": {
        404
    },  # what such a form is about is looked for first, and is not there
    "/slut/<token>": {404},
    "/leder/laan": {404},
    "/leder/match/<uuid:referral_id>": {404},
    "/laan/tilbage": {303},  # nothing is lent, so it only leads home
    # A phone that is signed out says what it has shown: the id is the secret.
    "/p/<uuid:notice_id>/vist": {204},
}
FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)
TRIES = len(TOKENS)
assert len(FOREIGN) >= TRIES


def sent(route, things):
    return {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}


def test_there_are_forms_to_forge():
    assert len(FORMS) > 80


def refusals(house, signed_in, things, ask):
    """What each form was answered that was asked so; and that nothing has changed since."""
    clients = {name: signed_in(name) for name in {route.who for route in FORMS}}
    tokens = {name: token_on(client, "/mig") for name, client in clients.items()}
    before, answers = stored.contents(house), {}
    for route in FORMS:
        form, path = sent(route, things), address(route, things)
        said = {ask(clients[route.who], path, form, tokens[route.who], n) for n in range(TRIES)}
        answers[route.rule] = said
    after = stored.contents(house)
    after.pop("attempt")  # a guessed link counts as one
    assert after == {name: before[name] for name in after}
    return answers


def test_T18_a_form_without_its_token_is_refused_and_changes_nothing(house, signed_in, things):
    def ask(client, path, form, _, n):
        token = {} if TOKENS[n] is None else {"csrf_token": TOKENS[n]}
        return client.post(path, data=form | token).status_code

    answers = refusals(house, signed_in, things, ask)
    assert {rule: said for rule, said in answers.items() if said != {400}} == OTHERWISE


def test_T18_a_form_from_another_site_is_refused_even_with_its_token(house, signed_in, things):
    def ask(client, path, form, token, n):
        sent_with = form | {"csrf_token": token}
        return client.post(path, data=sent_with, headers=FOREIGN[n]).status_code

    answers = refusals(house, signed_in, things, ask)
    assert {rule for rule, said in answers.items() if said != {403}} == set()


def test_T18_the_same_form_from_the_page_itself_is_taken(house, signed_in, things):
    """The planted control: it is the site that was refused, and not the form."""
    [route] = [r for r in FORMS if r.rule == "/kontakter"]
    client = signed_in(route.who)
    form = sent(route, things) | {"csrf_token": token_on(client, "/mig")}
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/kontakter", data=form, headers=own).status_code == 303


def test_T18_the_token_of_one_session_is_none_in_another(house, signed_in, things):
    token = token_on(signed_in("Bo"), "/mig")
    anna, before = signed_in("Anna"), stored.contents(house)
    assert anna.post("/mig/sprog", data={"language": "en", "csrf_token": token}).status_code == 400
    assert stored.contents(house) == before
