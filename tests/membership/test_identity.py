"""Identity numbers. All are synthetic, with check characters computed for them; none belongs to a known person."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from membership import identity
from membership.enums import DocumentKind, Sex

TODAY = date(2026, 11, 25)
RESIDENT = DocumentKind.RESIDENT_ID
RESIDENCE = DocumentKind.RESIDENCE_PERMIT
PERMANENT = DocumentKind.PERMANENT_RESIDENCE

unhurried = settings(derandomize=True, deadline=None)


def faults_of(kind, number, **typed):
    return identity.faults(kind=kind, number=number, today=TODAY, **typed)


def only_fault(kind, number, **typed):
    (fault,) = faults_of(kind, number, **typed)
    return fault


class TestCheckCharacter:  # APP-4, GB 11643
    @pytest.mark.parametrize("number", ["120103198409301238", "110103196902280249", "65312519900115101X", "11010119350101009X"])
    def test_it_is_the_eighteenth_character(self, number):
        assert identity.check_character(number[:17]) == number[17]

    @pytest.mark.parametrize("digits", ["", "1101011935010100", "110101193501010091", "1101011935010100X", "１1010119350101009"])
    def test_it_is_computed_from_seventeen_digits_only(self, digits):
        with pytest.raises(ValueError, match="前17位"):
            identity.check_character(digits)

    @unhurried
    @given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
    def test_every_single_wrong_digit_shows(self, first17, place, shift):
        wrong = first17[:place] + str((int(first17[place]) + shift) % 10) + first17[place + 1 :]

        assert identity.check_character(wrong) != identity.check_character(first17)

    @unhurried
    @given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 15))
    def test_every_swap_of_neighbours_shows(self, first17, place):
        swapped = first17[:place] + first17[place + 1] + first17[place] + first17[place + 2 :]

        same = identity.check_character(swapped) == identity.check_character(first17)
        assert same == (swapped == first17)


class TestNormalise:  # field case 01
    @pytest.mark.parametrize(
        "typed",
        [
            "11010119350101009x",
            " 110101 19350101 009X ",
            "110101-19350101-009X",
            "１１０１０１１９３５０１０１００９ｘ",
            "110101–19350101—009X",
            "\u200e110101\u200b193501\u00a001009X\u202c",
            "110101\u300019350101009X",
        ],
    )
    def test_the_same_number_typed_differently_is_one(self, typed):
        assert identity.normalise(RESIDENT, typed) == "11010119350101009X"

    @pytest.mark.parametrize("typed", ["h0123456702", "H01234567 02", "H01234567"])
    def test_a_permit_of_hong_kong_is_the_same_after_each_reissue(self, typed):
        assert identity.normalise(DocumentKind.HK_MACAU_PERMIT, typed) == "H01234567"

    def test_a_passport_number_of_eleven_characters_is_not_cut(self):
        assert identity.normalise(DocumentKind.PASSPORT, "H0123456702") == "H0123456702"

    def test_letters_of_other_alphabets_are_not_taken_for_ours(self):
        assert identity.normalise(RESIDENT, "11010119350101009ı") == "11010119350101009ı"

    @unhurried
    @given(st.sampled_from(DocumentKind.values), st.text(max_size=30))
    def test_a_normalised_number_stays_as_it_is(self, kind, text):
        once = identity.normalise(kind, text)

        assert identity.normalise(kind, once) == once


class TestFormats:  # APP-4, P-6: the samples of id_documents.csv
    @pytest.mark.parametrize(
        ("kind", "number"),
        [
            (RESIDENT, "120103198409301238"),
            (RESIDENT, "110103196902280249"),
            (RESIDENT, "65312519900115101X"),
            (DocumentKind.PASSPORT, "E12345678"),
            (DocumentKind.PASSPORT, "EA1234567"),
            (DocumentKind.PASSPORT, "C01X00T47"),
            (DocumentKind.HK_MACAU_PERMIT, "H01234567"),
            (DocumentKind.HK_MACAU_PERMIT, "M12345678"),
            (DocumentKind.HK_MACAU_PERMIT, "HA1234567"),
            (DocumentKind.HK_MACAU_PERMIT, "H0123456701"),
            (DocumentKind.TAIWAN_PERMIT, "01234567"),
            (DocumentKind.TAIWAN_PERMIT, "12345678"),
            (DocumentKind.TAIWAN_PERMIT, "98765432"),
            (RESIDENCE, "810000198507160116"),
            (RESIDENCE, "820000199203090223"),
            (RESIDENCE, "830000197805210336"),
            (RESIDENCE, "81000019350102003X"),
            (PERMANENT, "911840198507160019"),
            (PERMANENT, "931392199002280020"),
            (PERMANENT, "944276197511300157"),
            (PERMANENT, "USA110085071610"),
            (PERMANENT, "JPN310090022822"),
            (PERMANENT, "DEU440375113032"),
            (PERMANENT, "usa110085071610"),
        ],
    )
    def test_a_right_number_is_accepted(self, kind, number):
        assert faults_of(kind, number) == ()

    @pytest.mark.parametrize(
        ("kind", "number", "said"),
        [
            (RESIDENT, "120103198409301237", "校验码"),
            (RESIDENT, "120103198402311230", "19840231 不是真实的日期"),
            (RESIDENT, "179999198409301231", "省级代码 17 不存在"),
            (DocumentKind.PASSPORT, "E123", "5至9位"),
            (DocumentKind.PASSPORT, "E12345678901", "现在是12位"),
            (DocumentKind.PASSPORT, "护照123456", "只含字母和数字"),
            (DocumentKind.HK_MACAU_PERMIT, "K01234567", "以字母 H 或 M 开头"),
            (DocumentKind.HK_MACAU_PERMIT, "H0123456", "少 1 位"),
            (DocumentKind.HK_MACAU_PERMIT, "HB1234567", "HA 或 MA"),
            (DocumentKind.TAIWAN_PERMIT, "1234567", "少 1 位"),
            (DocumentKind.TAIWAN_PERMIT, "123456789", "多 1 位"),
            (DocumentKind.TAIWAN_PERMIT, "T1234567", "8位数字"),
            (DocumentKind.TAIWAN_PERMIT, "0123456701A", "旧版"),
            (RESIDENCE, "810000198507160115", "校验码"),
            (RESIDENCE, "810101198507160118", "810000"),
            (RESIDENCE, "710000197805210339", "810000"),
            (PERMANENT, "911840198507160018", "校验码"),
            (PERMANENT, "999840198507160010", "省级代码 99 不存在"),
            (PERMANENT, "811840198507160019", "以 9 开头"),
            (PERMANENT, "USA110085071611", "校验码"),
            (PERMANENT, "USA110085131615", "851316 不是真实的日期"),
            (PERMANENT, "USA110085071", "少 3 位"),
            (PERMANENT, "USA11008507161O", "后12位是数字"),
            (PERMANENT, "USA990085071610", "省级代码 99 不存在"),
        ],
    )
    def test_a_wrong_number_is_refused_with_what_to_mend(self, kind, number, said):
        fault = only_fault(kind, number)

        assert fault.field == "document_number"
        assert said in fault.message

    @pytest.mark.parametrize("number", ["E1234", "123456789", "EAB123456", "C01X00T47"])
    def test_a_chinese_passport_has_a_form_of_its_own(self, number):
        assert "9位" in only_fault(DocumentKind.PASSPORT, number, country="CN").message
        assert faults_of(DocumentKind.PASSPORT, number, country="DE") == ()

    @pytest.mark.parametrize("number", ["E12345678", "EA1234567", "DE1234567", "K12345678"])
    def test_chinese_passports_of_all_issuers_are_accepted(self, number):
        assert faults_of(DocumentKind.PASSPORT, number, country="CN") == ()

    def test_every_kind_has_its_format(self):
        assert [only_fault(kind, "?").field for kind in DocumentKind.values] == ["document_number"] * len(DocumentKind.values)

    @pytest.mark.parametrize("typed", ["", "   ", "\u200b", "-"])
    def test_an_empty_number_is_asked_for(self, typed):
        assert only_fault(RESIDENT, typed) == identity.Fault("document_number", "请填写证件号码")

    def test_an_unknown_kind_is_asked_for(self):
        assert only_fault("driving_licence", "120103198409301238").field == "document_kind"


class TestResidentNumber:  # APP-4, field cases 01, 02, 05, 06
    def test_the_old_number_of_fifteen_digits_is_refused(self):
        assert "请填写18位" in only_fault(RESIDENT, "110101350101001").message

    @pytest.mark.parametrize(
        ("number", "said"),
        [
            ("12010319840930123", "身份证号少 1 位，请核对"),
            ("1201031984093012388", "身份证号多 1 位，请核对"),
            ("1101011935AB010014", "由数字组成"),
            ("abcdefghijklmno", "由数字组成"),
            ("X10101193501010014", "由数字组成"),
            ("1101011935010100١4", "由数字组成"),
            ("12010319840930123\x008", "由数字组成"),
        ],
    )
    def test_length_and_characters_are_told_apart(self, number, said):
        assert said in only_fault(RESIDENT, number).message

    @pytest.mark.parametrize("number", ["110101193501010090", "11010119350101003X"])
    def test_zero_and_x_are_not_exchanged(self, number):
        assert "校验码" in only_fault(RESIDENT, number).message

    def test_the_message_never_gives_away_the_right_check_character(self):
        assert "030" not in only_fault(RESIDENT, "11010119350101003X").message

    def test_the_29th_of_february_1900_is_no_date(self):
        assert "19000229" in only_fault(RESIDENT, "110101190002290011").message

    def test_the_29th_of_february_2000_is_one(self):
        assert faults_of(RESIDENT, "110101200002290026") == ()

    def test_a_holder_of_126_years_is_accepted(self):
        assert faults_of(RESIDENT, "110101190001010014") == ()

    def test_a_birth_before_1900_is_refused(self):
        number = "11010118990101001"

        assert "18990101" in only_fault(RESIDENT, number + identity.check_character(number)).message

    def test_a_birth_after_today_is_refused(self):
        assert "2100-01-01 晚于今天" in only_fault(RESIDENT, "11010121000101001X").message

    def test_a_birth_today_is_accepted_and_one_tomorrow_is_not(self):
        numbers = [first17 + identity.check_character(first17) for first17 in ("11010120261125001", "11010120261126001")]

        assert [bool(faults_of(RESIDENT, number)) for number in numbers] == [False, True]

    def test_a_county_that_no_list_knows_is_accepted(self):
        assert faults_of(RESIDENT, "139999198409301234") == ()

    @pytest.mark.parametrize("number", ["81000019350102003X", "820000193501020031", "830000193501020033"])
    def test_holders_of_a_residence_permit_are_shown_the_other_kind(self, number):
        fault = only_fault(RESIDENT, number)

        assert fault.field == "document_kind"
        assert "「港澳台居民居住证」" in fault.message

    def test_a_mistyped_residence_permit_names_the_other_kind_too(self):
        assert "「港澳台居民居住证」" in only_fault(RESIDENT, "810000193501020031").message

    def test_a_resident_number_under_another_kind_is_recognised(self):
        fault = only_fault(DocumentKind.PASSPORT, "120103198409301238")

        assert fault == identity.Fault("document_kind", "这是居民身份证的号码，请将证件类型改为「居民身份证」")

    def test_ten_thousand_characters_are_refused_like_any_other(self):
        assert "多 9982 位" in only_fault(RESIDENT, "1" * 10_000).message


class TestContradictions:  # APP-4
    def test_birth_date_and_sex_that_agree_are_accepted(self):
        assert faults_of(RESIDENT, "120103198409301238", born_on=date(1984, 9, 30), sex=Sex.MALE) == ()

    def test_another_birth_date_is_pointed_out(self):
        fault = only_fault(RESIDENT, "120103198409301238", born_on=date(1984, 9, 3))

        assert fault == identity.Fault("born_on", "证件号码中的出生日期是 1984-09-30，与填写的不同，请核对两处")

    def test_another_sex_is_pointed_out(self):
        fault = only_fault(RESIDENT, "110103196902280249", sex="male")

        assert fault == identity.Fault("sex", "证件号码中的性别是女，与填写的不同，请核对两处")

    def test_both_are_pointed_out_together(self):
        found = faults_of(RESIDENCE, "820000199203090223", born_on=date(1990, 3, 9), sex=Sex.MALE)

        assert [fault.field for fault in found] == ["born_on", "sex"]

    def test_a_wrong_number_is_not_compared(self):
        assert only_fault(RESIDENT, "120103198409301237", born_on=date(1999, 1, 1), sex=Sex.FEMALE).field == "document_number"

    @pytest.mark.parametrize("born_on", [date(1985, 7, 16), date(2085, 7, 16)])
    def test_a_card_of_2017_is_compared_by_two_digits_of_the_year(self, born_on):
        assert faults_of(PERMANENT, "USA110085071610", born_on=born_on, sex=Sex.MALE) == ()

    def test_a_card_of_2017_shows_another_birth_date(self):
        assert "85-07-16" in only_fault(PERMANENT, "USA110085071610", born_on=date(1985, 7, 17)).message

    def test_a_card_of_2023_is_compared_as_a_resident_number(self):
        found = faults_of(PERMANENT, "931392199002280020", born_on=date(1990, 2, 27), sex=Sex.MALE)

        assert [fault.field for fault in found] == ["born_on", "sex"]

    def test_a_passport_contradicts_nothing(self):
        assert faults_of(DocumentKind.PASSPORT, "E12345678", born_on=date(1990, 1, 1), sex=Sex.MALE) == ()


class TestFacts:
    def test_a_resident_number_tells_birth_sex_and_region(self):
        assert identity.facts(RESIDENT, "65312519900115101x") == identity.Facts(date(1990, 1, 15), Sex.MALE, "653125")

    def test_a_residence_permit_tells_where_its_holder_comes_from(self):
        assert identity.facts(RESIDENCE, "820000199203090223") == identity.Facts(date(1992, 3, 9), Sex.FEMALE, "820000")

    def test_a_permanent_residence_card_tells_no_region(self):
        assert identity.facts(PERMANENT, "931392199002280020") == identity.Facts(date(1990, 2, 28), Sex.FEMALE, "")

    def test_a_card_of_2017_leaves_the_century_open(self):
        assert identity.facts(PERMANENT, "DEU440375113032") == identity.Facts(None, Sex.MALE, "")

    @pytest.mark.parametrize(("kind", "number"), [(RESIDENT, "120103198409301237"), (RESIDENT, ""), (DocumentKind.PASSPORT, "E12345678")])
    def test_a_wrong_number_and_a_passport_tell_nothing(self, kind, number):
        assert identity.facts(kind, number) is None


class TestFirstGeneration:  # D-7, field case 06
    def test_an_import_expands_the_old_number(self):
        assert identity.expand_first_generation("110101350101001") == "110101193501010014"

    @unhurried
    @given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
    def test_every_expanded_number_is_accepted(self, born_on, serial):
        number = identity.expand_first_generation(f"110101{born_on:%y%m%d}{serial:03d}")

        assert faults_of(RESIDENT, number, born_on=born_on) == ()

    @pytest.mark.parametrize("number", ["", "110101193501010014", "abcdefghijklmno", "11010135010100"])
    def test_only_fifteen_digits_are_expanded(self, number):
        with pytest.raises(ValueError, match="15位"):
            identity.expand_first_generation(number)


class TestMask:  # OPS-3
    @pytest.mark.parametrize(
        ("number", "masked"),
        [
            ("11010119350101009X", "11**************9X"),
            ("E12345678", "E1*****78"),
            ("01234567", "01****67"),
            ("E1234", "E***4"),
            ("1234", "****"),
            ("1", "*"),
            ("", ""),
        ],
    )
    def test_only_the_ends_show(self, number, masked):
        assert identity.mask(number) == masked

    @unhurried
    @given(st.text("0123456789X", max_size=40))
    def test_at_least_half_of_a_number_is_hidden(self, number):
        masked = identity.mask(number)

        assert len(masked) == len(number)
        assert masked.count("*") * 2 >= len(number)


class TestAnyText:
    @unhurried
    @given(st.sampled_from(DocumentKind.values), st.text(max_size=40))
    def test_nothing_typed_ends_in_an_error(self, kind, text):
        found = faults_of(kind, text)

        assert all(fault.message for fault in found)
        assert identity.facts(kind, text) is None or found == ()
