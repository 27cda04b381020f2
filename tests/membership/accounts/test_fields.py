"""The telephone number on a form."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from membership.accounts.fields import MobileField, Typed
from membership.phone_numbers import masked


class NumberForm(forms.Form):
    phone = MobileField()


def sent(**values: str) -> NumberForm:
    data = QueryDict(mutable=True)
    data.update(values)
    return NumberForm(data)


def number_of(**values: str) -> str:
    form = sent(**values)
    assert form.is_valid(), form.errors
    return form.cleaned_data["phone"]


class TestMobileField:  # ACC-1, field case 08
    @pytest.mark.parametrize("text", ["19100000001", "19200000001", "16200000001", "17100000001", "19400000001", "19900000001"])
    def test_every_mainland_range_may_register_known_to_the_library_or_not(self, text):
        form = sent(phone=text)

        assert form.is_valid(), form.errors
        assert form.cleaned_data["phone"] == f"+86{text}"

    @pytest.mark.parametrize("text", ["188 0000 0001", "１８８０００００００１", "+86 188-0000-0001", "008618800000001"])
    def test_a_number_is_taken_however_it_is_written(self, text):
        form = sent(phone=text)

        assert form.is_valid(), form.errors
        assert form.cleaned_data["phone"].startswith("+86188")

    @pytest.mark.parametrize("text", ["1880000000", "12800000001", "02228219588", "abcdefghijk", "188000000011"])
    def test_what_is_no_mobile_number_is_refused_at_the_field(self, text):
        form = sent(phone=text)

        assert not form.is_valid()
        assert form.has_error("phone")

    def test_the_country_is_the_one_chosen_never_guessed_from_the_digits(self):
        assert number_of(phone="91234567", phone_country="SG") == "+6591234567"
        assert not sent(phone="91234567").is_valid()

    def test_a_country_that_is_not_on_the_list_is_refused(self):
        form = sent(phone="91234567", phone_country="XX")

        assert not form.is_valid()
        assert "请选择国家或地区" in form.errors["phone"]

    def test_an_empty_field_says_what_to_do(self):
        assert sent(phone="").errors["phone"] == ["请填写手机号"]

    def test_nothing_sent_at_all_is_an_empty_field(self):
        assert sent().errors["phone"] == ["请填写手机号"]

    def test_stored_numbers_show_as_people_write_them(self):
        page = NumberForm(initial={"phone": "+6591234567"})["phone"].as_widget()

        assert 'value="91234567"' in page
        assert '<option value="SG" selected>' in page

    def test_a_refused_number_comes_back_as_it_was_typed(self):
        page = sent(phone="188 0000", phone_country="HK")["phone"].as_widget()

        assert 'value="188 0000"' in page
        assert '<option value="HK" selected>' in page

    def test_the_numeric_keyboard_opens_and_the_browser_knows_the_field(self):
        page = NumberForm()["phone"].as_widget()

        assert 'type="tel"' in page
        assert 'inputmode="tel"' in page
        assert 'autocomplete="tel"' in page
        assert 'aria-label="国家或地区"' in page

    def test_text_alone_is_a_mainland_number(self):
        assert MobileField().clean("18800000001") == "+8618800000001"
        assert MobileField().clean(Typed("HK", "51234567")) == "+85251234567"

    def test_a_field_that_may_be_empty_gives_no_number(self):
        assert MobileField(required=False).clean("") == ""

    def test_script_is_text(self):
        with pytest.raises(ValidationError):
            MobileField().clean("<script>alert(1)</script>")


class TestMasked:
    @pytest.mark.parametrize(
        ("phone", "shown"), [("+8618800000001", "188****0001"), ("+8619400000001", "194****0001"), ("+6591234567", "+65 ****4567")]
    )
    def test_the_middle_of_a_number_is_hidden(self, phone, shown):
        assert masked(phone) == shown

    def test_what_is_no_number_shows_nothing(self):
        assert masked("") == ""
