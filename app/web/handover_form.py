"""The form Giv ugen videre: what it takes."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from app.domain import plain_text
from app.domain.turns import Note, Request
from app.web import week_form
from app.web.asking import id_or_404
from app.web.log_form import Text

LONGEST_NOTE = 1000  # characters


class HandoverForm(FlaskForm):
    """Weeks to give, weeks to take in return, and four prompts for the note."""

    id = StringField()
    mentorship = StringField()
    weeks = SelectMultipleField(validate_choice=False)
    take = SelectMultipleField(validate_choice=False)
    going = TextAreaField(validators=[Text(LONGEST_NOTE)])
    agreed = TextAreaField(validators=[Text(LONGEST_NOTE)])
    watch = TextAreaField(validators=[Text(LONGEST_NOTE)])
    promised = TextAreaField(validators=[Text(LONGEST_NOTE)])
    leader_may_read = BooleanField()

    def request(self) -> Request:
        """What was filled in; raises `Refused` for what is no week."""
        return Request(
            id_or_404(self.id.data),
            week_form.mondays(self.weeks.data or ()),
            week_form.mondays(self.take.data or ()),
            Note(
                going=plain_text.cleaned(self.going.data),
                agreed=plain_text.cleaned(self.agreed.data),
                watch=plain_text.cleaned(self.watch.data),
                promised=plain_text.cleaned(self.promised.data),
                leader_may_read=bool(self.leader_may_read.data),
            ),
        )
