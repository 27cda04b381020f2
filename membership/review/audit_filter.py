"""What a reader of the audit looks for, as the address says it (S-8)."""

from dataclasses import dataclass
from datetime import date

from django import forms

from membership.domain import audit_reading
from membership.domain.audit_reading import SYSTEM, Person, Wanted
from membership.domain.audit_words import GROUPS
from membership.models import Institution, User

_DAY = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


class AuditFilter(forms.Form):
    """Whatever an address cannot mean is left out. ``actor_id`` and ``about_id`` are who was chosen among namesakes."""

    actor = forms.CharField(label="操作人：姓名、手机号，或“系统”", required=False, max_length=audit_reading.LONGEST_TERM)
    about = forms.CharField(label="相关会员：姓名、会员编号、申请编号", required=False, max_length=audit_reading.LONGEST_TERM)
    action = forms.ChoiceField(label="操作", required=False)
    institution = forms.ModelChoiceField(label="机构", required=False, queryset=Institution.objects.none(), empty_label="全部")
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(**_DAY))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(**_DAY))
    request = forms.CharField(label="请求编号", required=False, max_length=40)

    def __init__(self, data) -> None:
        super().__init__(data)
        self.fields["action"].choices = [("", "全部"), *((name, list(group.items())) for name, group in GROUPS.items())]
        self.fields["institution"].queryset = Institution.objects.order_by("kind", "code")


@dataclass(frozen=True)
class Who:
    """
    A person that was looked for. ``term``: what was typed; ``found``: whom it means; ``namesakes``: whom it may mean, where that is
    not one person.
    """

    term: str = ""
    found: Person | None = None
    namesakes: tuple[Person, ...] = ()
    is_system: bool = False

    @property
    def is_asked(self) -> bool:
        return bool(self.term) or self.found is not None

    @property
    def is_unknown(self) -> bool:
        """Whether somebody was looked for and it is not yet said whom."""
        return bool(self.term) and self.found is None and not self.is_system

    @property
    def offered(self) -> tuple[Person, ...]:
        return self.namesakes[: audit_reading.MOST_OFFERED]

    @property
    def are_too_many(self) -> bool:
        return len(self.namesakes) > audit_reading.MOST_OFFERED


class Asked:
    """A list's address, read: the form, the two persons, and the address of the same list elsewhere."""

    def __init__(self, parameters, *, reader: User) -> None:
        form = AuditFilter(parameters)
        form.is_valid()
        self._said = form.cleaned_data
        self.actor = _who(self._text("actor"), parameters.get("actor_id", ""), audit_reading.actors_called, audit_reading.actor_with)
        self.about = _who(
            self._text("about"),
            parameters.get("about_id", ""),
            lambda term: audit_reading.people_called(term, reader=reader),
            audit_reading.person_with,
        )

    @property
    def wanted(self) -> Wanted | None:
        """What is looked for; None while it is not yet said whom a name means."""
        if self.actor.is_unknown or self.about.is_unknown:
            return None
        institution = self._said.get("institution")
        return Wanted(
            actor=self.actor.found.pk if self.actor.found else None,
            by_system=self.actor.is_system,
            about=self.about.found.pk if self.about.found else None,
            action=self._said.get("action") or "",
            institution=institution.pk if institution else None,
            since=_day(self._said.get("since")),
            until=_day(self._said.get("until")),
            request_id=self._text("request"),
        )

    @property
    def query(self) -> dict[str, str]:
        """What was understood, as an address says it."""
        institution = self._said.get("institution")
        parts = {
            "actor": self.actor.term or (self.actor.found.name if self.actor.found else ""),
            "actor_id": self.actor.found.pk if self.actor.found else "",
            "about": self.about.term or (self.about.found.name if self.about.found else ""),
            "about_id": self.about.found.pk if self.about.found else "",
            "action": self._said.get("action"),
            "institution": institution.pk if institution else "",
            "since": _day(self._said.get("since")),
            "until": _day(self._said.get("until")),
            "request": self._text("request"),
        }
        return {name: str(value) for name, value in parts.items() if value}

    def _text(self, name: str) -> str:
        return (self._said.get(name) or "").strip()


def _who(term: str, key: str, called, with_key) -> Who:
    """Whom a text means: who was chosen, the one who is called so, or the namesakes to choose from."""
    if key.isascii() and key.isdecimal() and len(key) <= 18:
        return Who(term, with_key(int(key)))
    if term == SYSTEM:
        return Who(term, is_system=True)
    namesakes = called(term)
    return Who(term, namesakes[0]) if len(namesakes) == 1 else Who(term, namesakes=tuple(namesakes))


def _day(value: date | None) -> date | None:
    # The years at either end have no day before or after.
    return value if value is not None and 1900 < value.year < 9000 else None
