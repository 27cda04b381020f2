"""Who is in the society and what they have applied for: persons, their papers, their applications in every state."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from membership import encryption, identity, link_signing, pinyin, rules
from membership.domain import name_keys
from membership.enums import AffiliationSource, Basis, DocumentHold, DocumentKind, InstitutionKind, MemberType, NumberKind, Sex, Standing
from membership.management.load import names
from membership.management.load.tables import Table, next_id, without_indexes
from membership.models import (
    Affiliation,
    Application,
    ApplicationInstitution,
    Dossier,
    Institution,
    InstitutionReviewer,
    Member,
    MemberDocument,
    MemberNumber,
    NameKey,
    NumberCounter,
    User,
)
from membership.periods import same_day_next, shanghai_date

# Telephones of the loaded persons and of those who review them begin so; nobody's do (a range that is not assigned).
PHONES, STAFF_PHONES = "+861000", "+861001"
BATCH = 20_000
# Where the applications stand that are not a member's own enrolment: the lists are long on purpose.
STATES = {
    "checking": 40,
    "deciding": 25,
    "endorsing": 8,
    "returned": 8,
    "awaiting_form": 5,
    "withdrawn": 5,
    "refused": 3,
    "draft": 3,
    "expired": 2,
    "not_accepted": 1,
}
# What members ask besides: a third of the applications that are no enrolment of an applicant.
KINDS = {"further_enrolment": 40, "change": 25, "activation": 20, "upgrade": 15}
BY_MEMBERS = 0.3
TYPES = {MemberType.PROFESSIONAL: 60, MemberType.ORDINARY: 20, MemberType.STUDENT: 20}
# Days from today to the deadline of what waits.
DUE = {-9: 6, -4: 8, -1: 11, 0: 18, 1: 14, 2: 8, 3: 8, 5: 9, 6: 9, 8: 9}
# How often each institution is applied to: three much, the others a little.
FIRST_INSTITUTIONS = (30, 20, 15)
OTHERS = 60
_DECIDED = ("refused", "not_accepted")


@dataclass
class Person:
    pk: int
    name: str
    type: str
    standing: str = Standing.APPLICANT
    dossier: int = 0


class Society:
    """Writes ``members`` members and ``applications`` applications as of ``at``; the same ``seed`` gives the same persons."""

    def __init__(self, *, members: int, applications: int, at: datetime, seed: int = 1) -> None:
        self.members, self.applications, self.at, self.today = members, applications, at, shanghai_date(at)
        self.dice = random.Random(seed)
        self.ids = {model: next_id(model) for model in (User, Member, Dossier, Application)}
        self.others = min(int((applications - members) * BY_MEMBERS), members)
        self.institutions = list(
            Institution.objects.exclude(kind=InstitutionKind.HEADQUARTERS).order_by("kind", "code").values_list("pk", flat=True)
        )[: len(FIRST_INSTITUTIONS) + OTHERS]
        rest = len(self.institutions) - len(FIRST_INSTITUTIONS)
        self.weights = [*FIRST_INSTITUTIONS, *([(100 - sum(FIRST_INSTITUTIONS)) / rest] * rest)]
        self.reviewers = self._staff()
        self.serial = self._serials()
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def write(self) -> Iterator[int]:
        """Write everything; yield from time to time how many applications there are."""
        tables = self._tables()
        with without_indexes([table for table, _ in _MODELS.values()]):
            written = 0
            for number in range(self.applications - self.others):
                self._person(number)
                if (number + 1) % BATCH == 0:
                    written += self._flush(tables)
                    yield written
            yield written + self._flush(tables)

    def _tables(self) -> dict[str, Table]:
        at, fixed = self.at, {"password": make_password(None), "phone_verified": True}
        made: dict[type, dict[str, Any]] = {
            User: {**fixed, "date_joined": at},
            Member: {"created_at": at},
            Dossier: {"created_at": at, "updated_at": at, "version": 1, **_ANSWERS},
            Application: {"updated_at": at, "basis": [Basis.STAMP.value]},
            MemberDocument: {"kind": DocumentKind.RESIDENT_ID, "state": DocumentHold.HELD},
            MemberNumber: {"kind": NumberKind.ISSUED, "is_current": True, "given_at": at},
            Affiliation: {"source": AffiliationSource.DECISION},
        }
        return {name: Table(model, columns, **made.get(model, {})) for name, (model, columns) in _MODELS.items()}

    def _flush(self, tables: dict[str, Table]) -> int:
        count = len(self.rows["application"])
        for name, table in tables.items():
            table.write(self.rows.pop(name, []))
        return count

    def _person(self, number: int) -> None:
        """One person with their enrolment; a member may have asked something more."""
        dice, is_member = self.dice, number < self.members
        person = Person(self._next(Member), names.one(dice), _drawn(dice, TYPES), Standing.MEMBER if is_member else Standing.APPLICANT)
        user, kept_on = self._next(User), self.today - timedelta(days=dice.randrange(30, 3000))
        self.rows["user"].append((user, f"{PHONES}{(number * 6_298_937) % 10_000_000:07d}"))
        state = "approved" if is_member else _drawn(dice, STATES)
        self._apply(person, "first_enrolment", state, kept_on if is_member else None, number)
        if number < self.others:
            self._more(person)
        spelled = pinyin.readings(person.name)
        member_number = link_signing.number_of(self.serial + number, settings.CERTIFICATE_ISSUER_CODE) if is_member else None
        joined = kept_on if is_member else None
        until = same_day_next(kept_on, 12) if is_member else None
        current = person.dossier if is_member else None
        self.rows["member"].append(
            (person.pk, user, person.standing, member_number, current, person.name, spelled.pinyin, spelled.initials, joined, until)
        )
        self.rows["key"] += [(person.pk, *key) for key in name_keys.with_shared(name_keys.keys_of(person.name, spelled))]
        if member_number:
            self.rows["number"].append((member_number, person.pk))

    def _apply(self, person: Person, kind: str, state: str, decided_on: date | None, number: int) -> None:
        """An application with its dossier, the person's document, and its rows."""
        born_on = date(1950, 1, 1) + timedelta(days=self.dice.randrange(20_000))
        sex = Sex.MALE if number % 2 else Sex.FEMALE
        text = _document(born_on, number)
        secret, hashed = encryption.encrypt(text), encryption.document_hash(DocumentKind.RESIDENT_ID, "", text)
        application, person.dossier = self._next(Application), self._next(Dossier)
        since = self._moment(decided_on or self.today - timedelta(days=self.dice.randrange(40)))
        sealed = None if state == "draft" else since
        self.rows["dossier"].append(
            (person.dossier, person.pk, application, person.type, person.name, sex, born_on, secret, hashed, sealed)
        )
        if state not in ("draft", "withdrawn", "expired", *_DECIDED):
            self.rows["document"].append((person.pk, secret, hashed, application))
        self._file(application, person, kind, state, since, proposed=person.dossier)
        if state != "draft":
            self._rows_of(application, person, state, since, count=self.dice.choice((1, 1, 1, 2)))

    def _more(self, person: Person) -> None:
        """What a member asks besides: more institutions, a change, an activation, an upgrade."""
        kind, dice = _drawn(self.dice, KINDS), self.dice
        application, since = self._next(Application), self._moment(self.today - timedelta(days=dice.randrange(30)))
        if kind == "further_enrolment":
            self._file(application, person, kind, "deciding", since, proposed=None)
            self._rows_of(application, person, "deciding", since, count=1, skip=True)
            return
        dossier = self._next(Dossier)
        self.rows["dossier"].append((dossier, person.pk, application, person.type, person.name, Sex.MALE, None, "", "", since))
        state = dice.choice(("checking", "checking", "approved", "returned"))
        self._file(application, person, kind, state, since, proposed=dossier)

    def _file(self, pk: int, person: Person, kind: str, state: str, since: datetime, *, proposed: int | None) -> None:
        outcome = state if state in ("approved", *_DECIDED) else ""
        checking = state == "checking"
        due = self.today + timedelta(days=_drawn(self.dice, DUE)) if checking else None
        holder = self._holder(self.reviewers["association"]) if checking else None
        target = MemberType.PROFESSIONAL if kind == "upgrade" else ""
        submitted = None if state == "draft" else since
        clock = None if state in ("draft", "awaiting_form", "endorsing") else since
        self.rows["application"].append(
            (
                pk, kind, person.pk, "closed" if outcome else state, since, outcome, proposed, target, since, submitted, clock, due,
                since if outcome or state in ("withdrawn", "expired") else None,
                "" if state == "draft" else person.type, holder, since if holder else None,
            )
        )  # fmt: skip

    def _rows_of(self, application: int, person: Person, state: str, since: datetime, *, count: int, skip: bool = False) -> None:
        row_state = _ROW_STATES.get(state, "waiting")
        chosen = dict.fromkeys(self.dice.choices(self.institutions, self.weights, k=count))
        held = self._approved_at.get(person.pk, set()) if skip else set()
        for institution in chosen:
            if institution in held:
                institution = next(one for one in self.institutions if one not in held)
            due = self.today + timedelta(days=_drawn(self.dice, DUE)) if row_state in ("pending", "approved", "refused") else None
            holder = self._holder(self.reviewers["institutions"].get(institution, ())) if row_state == "pending" else None
            self.rows["row"].append(
                (
                    application,
                    institution,
                    person.pk,
                    row_state,
                    since,
                    due,
                    shanghai_date(since),
                    person.type,
                    holder,
                    since if holder else None,
                )
            )
            if row_state == "approved":
                start = shanghai_date(since)
                self.rows["affiliation"].append((person.pk, institution, start, same_day_next(start, 12)))
        self._approved_at = {person.pk: set(chosen)}

    _approved_at: dict[int, set[int]] = {}

    def _holder(self, reviewers: list[int] | tuple[int, ...]) -> int | None:
        """One case in three is somebody's; the first reviewer takes the most."""
        chance = self.dice.random()
        if not reviewers or chance > 0.36:
            return None
        return reviewers[0] if chance < 0.2 else self.dice.choice(list(reviewers))

    def _staff(self) -> dict[str, Any]:
        """Three reviewers of the association, and one for each institution that is applied to, but the last."""
        group = {name: Group.objects.get_or_create(name=name)[0] for name in (rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER)}

        def account(number: int, name: str, role: str) -> User:
            user = User.objects.create_user(f"{STAFF_PHONES}{number:07d}", is_staff=True, last_name=name, phone_verified=True)
            user.groups.add(group[role])
            return user

        association = [account(number, f"协会审核员{number}", rules.ASSOCIATION_REVIEWER).pk for number in range(1, 4)]
        institutions = {}
        for number, institution in enumerate(self.institutions[:-1], start=11):
            user = account(number, f"机构审核员{number}", rules.INSTITUTION_REVIEWER)
            InstitutionReviewer.objects.create(institution_id=institution, user=user)
            institutions[institution] = [user.pk]
        self.ids[User] = next_id(User)
        return {"association": association, "institutions": institutions}

    def _serials(self) -> int:
        """Take as many serials as there are members; return the first."""
        counter, _ = NumberCounter.objects.get_or_create(issuer=settings.CERTIFICATE_ISSUER_CODE)
        first = counter.last_serial + 1
        counter.last_serial += self.members
        counter.save()
        return first

    def _next(self, model: type) -> int:
        found = self.ids[model]
        self.ids[model] += 1
        return found

    def _moment(self, day: date) -> datetime:
        return self.at - timedelta(days=(self.today - day).days)


_ROW_STATES = {
    "deciding": "pending", "approved": "approved", "refused": "refused", "not_accepted": "refused", "withdrawn": "withdrawn",
    "expired": "withdrawn",
}  # fmt: skip
_ANSWERS = {
    "document_kind": DocumentKind.RESIDENT_ID,
    "specialty": "肿瘤学",
    "work_unit_name": "天津医科大学肿瘤医院",
    "department": "胸部肿瘤科",
    "duty": "医师",
    "title_name": "主治医师",
    "address": "天津市河西区体院北环湖西路",
    "email": "load@example.org",
    "phone": "",
}
# In the order in which one refers to another; the columns that differ from row to row.
_MODELS: dict[str, tuple[type, tuple[str, ...]]] = {
    "user": (User, ("id", "phone")),
    "member": (
        Member,
        ("id", "user", "standing", "number", "current_dossier", "name", "name_pinyin", "name_initials", "joined_on", "last_valid_to"),
    ),
    "key": (NameKey, ("member", "key", "shared")),
    "dossier": (
        Dossier,
        ("id", "member", "application", "member_type", "name", "sex", "born_on", "document_number", "document_hash", "submitted_at"),
    ),
    "application": (
        Application,
        (
            "id", "kind", "member", "state", "state_since", "outcome", "proposed_dossier", "target_type", "created_at", "submitted_at",
            "clock_started_at", "stage_due_on", "closed_at", "member_type", "assigned_to", "assigned_at",
        ),
    ),
    "row": (
        ApplicationInstitution,
        (
            "application", "institution", "member", "state", "state_since", "due_on", "first_submitted_on", "member_type", "assigned_to",
            "assigned_at",
        ),
    ),
    "document": (MemberDocument, ("member", "number", "number_hash", "claimed_by")),
    "number": (MemberNumber, ("number", "member")),
    "affiliation": (Affiliation, ("member", "institution", "valid_from", "valid_to")),
}  # fmt: skip


def _document(born_on: date, number: int) -> str:
    """A number nobody has: its region is none of China's, its check character is right (I-9)."""
    order = number % 1000
    first17 = f"{100_000 + number // 1000:06d}{born_on:%Y%m%d}{order:03d}"
    return first17 + identity.check_character(first17)


def _drawn(dice: random.Random, shares: dict[Any, int]) -> Any:
    return dice.choices(list(shares), list(shares.values()))[0]
