"""Telephone numbers for the eye."""

from membership import phone_numbers


class TestPhoneNumbers:
    def test_a_mainland_number_in_groups_of_three_and_four(self):
        assert phone_numbers.for_reading("+8618800000001") == "188 0000 0001"

    def test_a_range_no_library_knows_is_grouped_too(self):
        assert phone_numbers.for_reading("+8619400000001") == "194 0000 0001"

    def test_a_number_from_elsewhere_keeps_its_country(self):
        assert phone_numbers.for_reading("+6591234567") == "+65 9123 4567"

    def test_nothing_and_nonsense_come_back_as_they_are(self):
        assert (phone_numbers.for_reading(""), phone_numbers.for_reading("账号 3")) == ("", "账号 3")

    def test_paper_leaves_the_mainlands_prefix_out(self):
        assert (phone_numbers.for_paper("+8618800000001"), phone_numbers.for_paper("+6591234567")) == ("18800000001", "+6591234567")
