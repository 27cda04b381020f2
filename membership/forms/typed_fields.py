"""
Form fields that turn what people type into what the dossier stores.

None of them asks whether an answer is right for the society: a draft keeps what can be kept, and ``domain.gaps`` says what is still wrong.
Refused here is only what no column can hold, so that nothing is cut or lost without a word.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from membership import validators
from membership.documents import draft_pictures, pictures
from membership.domain.attachments import DRAFT_KINDS, NewFile
from membership.enums import AttachmentKind
from membership.forms.offered_lists import Offer
from membership.forms.widgets import Choices, PlainSelect

NOT_LISTED = "所选的不在名单中，请重新选择"

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


class LineField(forms.Field):
    """A text of one line, cleaned of what nobody sees; ``maximum`` characters are what the column holds."""

    widget = forms.TextInput

    def __init__(self, *, maximum: int, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.maximum = maximum

    def clean(self, value: str | None) -> str:
        """
        Return the text to store.

        :raises ValidationError: too long, or a character that cannot be kept.
        """
        text = self.cleaned_text(value or "")
        if len(text) > self.maximum:
            message = _("最多 %(maximum)d 个字，现在是 %(length)d 个，请缩短") % {"maximum": self.maximum, "length": len(text)}
            raise ValidationError(message, code="max_length")
        return text

    def cleaned_text(self, text: str) -> str:
        return validators.clean_line(text)


class NameField(LineField):
    """
    A person's name, in the one spelling in which names are stored and compared.

    A name that no document can bear is kept as typed: ``gaps`` says what is wrong with it.
    """

    def cleaned_text(self, text: str) -> str:
        try:
            return validators.clean_person_name(text, maximum=self.maximum)
        except ValidationError:
            return validators.clean_line(text)


class ParagraphField(LineField):
    """A text of several lines."""

    widget = forms.Textarea

    def cleaned_text(self, text: str) -> str:
        return validators.clean_paragraph(text)


class LinesField(forms.Field):
    """A list of short texts, typed one a line; empty lines fall away."""

    widget = forms.Textarea

    def __init__(self, *, maximum: int, most: int, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.maximum, self.most = maximum, most

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: str | None) -> list[str]:
        """
        Return the texts in their order.

        :raises ValidationError: too many, one too long, or a character that cannot be kept.
        """
        lines = [line for line in map(validators.clean_line, validators.clean_paragraph(value or "").split("\n")) if line]
        if len(lines) > self.most:
            raise ValidationError(_("最多 %(most)d 项，现在是 %(count)d 项") % {"most": self.most, "count": len(lines)})
        for number, line in enumerate(lines, start=1):
            if len(line) > self.maximum:
                message = _("第 %(number)d 行最多 %(maximum)d 个字，现在是 %(length)d 个，请缩短")
                raise ValidationError(message % {"number": number, "maximum": self.maximum, "length": len(line)})
        return lines


class TypedDateField(forms.Field):
    """A date typed as 1988-05-06, also as 19880506, 1988/5/6, 1988.5.6 or 1988年5月6日."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: str | None) -> date | None:
        """
        Return the date, or None if nothing was typed.

        :raises ValidationError: no date of the calendar.
        """
        text = validators.clean_line(value or "")
        if not text:
            return None
        typed = _DATE.fullmatch(text)
        try:
            year, month, day = (int(part) for part in typed.groups() if part) if typed else (0, 0, 0)
            return date(year, month, day)
        except ValueError as unreal:
            raise ValidationError(_("请按 1988-05-06 的样子填写真实的日期")) from unreal


class CodeField(forms.Field):
    """One of a fixed list, stored as the code that is sent; ``choices`` as :class:`PlainSelect` takes them."""

    widget = PlainSelect

    def __init__(self, choices: Choices, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.choices = self.widget.choices = choices

    def clean(self, value: str | None) -> str:
        """
        Return the code, or an empty text if nothing was chosen.

        :raises ValidationError: something that is not on the list.
        """
        if value and value not in dict(self.choices):
            raise ValidationError(NOT_LISTED, code="invalid_choice")
        return value or ""


class InstanceField(forms.Field):
    """
    One row of a list. ``offers`` is what may be chosen as the form shows it, ``rows`` gives the same in the database, ``chosen`` is the row
    that is stored: it may be sent again though it is offered no more. ``is_extended``: it stands in the offers behind everybody's.
    """

    widget = PlainSelect

    def __init__(
        self, offers: Sequence[Offer], rows: Callable[[], QuerySet], *, chosen: Model | None = None, is_extended: bool = False
    ) -> None:
        super().__init__(required=False)
        self.offers, self.rows, self.chosen, self.is_extended = offers, rows, chosen, is_extended
        self.widget.choices = (("", "请选择"), *_in_groups(offers))

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Model) else value

    def clean(self, value: str | None) -> Model | None:
        """
        Return the row, or None if nothing was chosen.

        :raises ValidationError: something that is not on the list.
        """
        if not value:
            return None
        if self.chosen is not None and value == str(self.chosen.pk):
            return self.chosen
        found = _rows_of(self.rows(), [value])
        if not found:
            raise ValidationError(NOT_LISTED, code="invalid_choice")
        return found[0]


class InstancesField(forms.Field):
    """Any number of rows of a list; its arguments as in :class:`InstanceField`."""

    widget = forms.CheckboxSelectMultiple

    def __init__(
        self, offers: Sequence[Offer], rows: Callable[[], QuerySet], *, chosen: Iterable[Model] = (), is_extended: bool = False
    ) -> None:
        super().__init__(required=False)
        self.offers, self.rows, self.chosen, self.is_extended = offers, rows, list(chosen), is_extended

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(offer.value, offer.text) for offer in self.offers]

    def prepare_value(self, value: Any) -> Any:
        return [str(getattr(one, "pk", one)) for one in value] if isinstance(value, Sequence) else value

    def clean(self, value: Sequence[str] | None) -> list[Model]:
        """
        Return the rows, each once, those that were stored first.

        :raises ValidationError: something that is not on the list.
        """
        sent = dict.fromkeys(value or ())
        kept = [one for one in self.chosen if str(one.pk) in sent]
        wanted = sent.keys() - {str(one.pk) for one in kept}
        new = _rows_of(self.rows(), wanted) if wanted else []
        if len(new) < len(wanted):
            raise ValidationError(NOT_LISTED, code="invalid_choice")
        return [*kept, *new]


def _in_groups(offers: Iterable[Offer]) -> list[tuple[str, Any]]:
    """Neighbours of one group stand below its name; what belongs to none stands by itself."""
    choices: list[tuple[str, Any]] = []
    for group, members in groupby(offers, key=lambda offer: offer.group):
        pairs = tuple((offer.value, offer.text) for offer in members)
        choices.extend([(group, pairs)] if group else pairs)
    return choices


def _rows_of(rows: QuerySet, keys: Collection[str]) -> list[Model]:
    """Whatever is sent as a key: what cannot be one finds nothing."""
    return list(rows.filter(pk__in=[key for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]))


class PictureField(forms.FileField):
    """A photograph or scan: taken by its content, drawn anew (APP-7). Its clean value is a file ready to be stored, or None."""

    widget = forms.FileInput

    def __init__(self, kind: AttachmentKind, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)
        self.kind = kind
        # A word about the picture that was taken all the same: too small to print well.
        self.warning = ""
        # No capture: it would hide the album (field case 41).
        self.widget.attrs["accept"] = "image/*"
        if kind in DRAFT_KINDS:
            # So that the page can say it before anything is sent.
            short, long = draft_pictures.least_pixels(kind)
            self.widget.attrs |= {"data-short-side": short, "data-long-side": long}

    def clean(self, data: Any, initial: Any = None) -> NewFile | None:
        """
        Return the picture as JPEG or PNG; the ID photo cut to the certificate's 5 : 7.

        :raises ValidationError: too large, no JPG or PNG, incomplete …, with a sentence that says the repair.
        """
        if not data:
            return None
        try:
            picture = pictures.clean(data, name=data.name)
        except pictures.PictureRefused as refusal:
            raise ValidationError(str(refusal), code="picture") from refusal
        new = draft_pictures.new_picture(self.kind, picture, data.name or "")
        self.warning = draft_pictures.warning_of(new)
        return new
