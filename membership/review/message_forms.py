"""The forms of the message screens: an event's text, and what is looked for in the log (UI-8)."""

from datetime import date

from django import forms

from membership.domain import delivery_log, message_texts
from membership.domain.delivery_log import Wanted
from membership.domain.message_texts import MessageText
from membership.enums import DeliveryState


class MessageTextForm(forms.Form):
    """Title, body and text message of one event; what may stand there is the domain's to say. An event without SMS has no field for it."""

    title = forms.CharField(label="标题", required=False, strip=False)
    body = forms.CharField(label="正文", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}))
    sms = forms.CharField(label="短信", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}))
    sms_template_id = forms.CharField(label="短信模板编号（备注）", required=False, max_length=60)

    def __init__(self, text: MessageText, data=None, *, may_change: bool = True) -> None:
        self.code = text.code
        super().__init__(data, initial={name: getattr(text, name) for name in message_texts.FIELDS})
        if not text.may_text:
            del self.fields["sms"], self.fields["sms_template_id"]
        for name, field in self.fields.items():
            field.disabled = not may_change
            if name.startswith("sms"):
                field.widget.attrs["aria-describedby"] = f"{name}-help"

    def clean(self) -> dict[str, str]:
        """Say of every text at once what is wrong with it."""
        for name in set(self.cleaned_data) & set(message_texts.LONGEST):
            if fault := message_texts.fault_in(self.code, name, self.cleaned_data[name]):
                self.add_error(name, fault)
        return self.cleaned_data

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields now, right or wrong."""
        shown = {name: self[name].value() if name in self.fields else "" for name in message_texts.FIELDS}
        return {name: value or "" for name, value in shown.items()}


class LogFilter(forms.Form):
    """What a reader of the log looks for; whatever an address cannot mean is left out."""

    q = forms.CharField(label="收件人：手机号、尾号，或姓名、拼音、首字母", required=False, max_length=delivery_log.LONGEST_TERM)
    state = forms.ChoiceField(
        label="短信",
        required=False,
        choices=[("", "全部"), *DeliveryState.choices, (delivery_log.ON_THE_SITE_ALONE, "只有站内消息")],
    )
    code = forms.ChoiceField(label="事件", required=False)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data) -> None:
        super().__init__(data)
        self.fields["code"].choices = [("", "全部"), *((one.code, one.event) for one in message_texts.all_texts())]

    @property
    def wanted(self) -> Wanted:
        """What was understood."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            term=found.get("q") or "",
            state=found.get("state") or "",
            code=found.get("code") or "",
            since=_day(found.get("since")),
            until=_day(found.get("until")),
        )

    @property
    def query(self) -> dict[str, str]:
        """What was understood, as an address says it."""
        found = self.wanted
        parts = {"q": found.term, "state": found.state, "code": found.code, "since": found.since, "until": found.until}
        return {name: str(value) for name, value in parts.items() if value}


def _day(value: date | None) -> date | None:
    # The years at either end have no day before or after.
    return value if value is not None and 1900 < value.year < 9000 else None
