"""I dag."""


def test_a_mentor_sees_the_participants_first_name(signed_in):
    answer = signed_in("Anna").get("/")
    assert answer.status_code == 200
    assert "Samir" in answer.text


def test_the_other_branch_s_participant_is_not_there(signed_in):
    assert "Jonas" not in signed_in("Anna").get("/").text


def test_signed_out_is_sent_to_sign_in(app):
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.location) == (303, "/log-ind")
