"""The files themselves: what must be true before anybody loads them."""

import re

import pytest

from membership.enums import DivisionLevel, DocumentKind, InstitutionKind, WorkUnitKind
from membership.models.reference import QualificationKind, ReviewReason
from membership.reference import candidates
from membership.reference.files import DATA, listed, rows

FILES = sorted(path.stem for path in DATA.glob("*.csv"))


class TestFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_cells_have_no_stray_spaces_and_rows_are_whole(self, name):
        for row in rows(name):
            assert None not in row and None not in row.values()
            assert all(cell == cell.strip() for cell in row.values())

    @pytest.mark.parametrize("name", FILES)
    def test_codes_are_unique(self, name):
        key = {"work_units": "name", "working_days": "date"}.get(name, "code")
        codes = [row[key] for row in rows(name)]

        assert len(codes) == len(set(codes))

    def test_every_division_stands_below_one_of_a_higher_level(self):
        level = {division.code: division.level for division in candidates.divisions()}

        for division in candidates.divisions():
            if division.level != DivisionLevel.PROVINCE:
                assert level[division.parent_id] < division.level

    def test_kinds_are_ours(self):
        assert {row["kind"] for row in rows("institutions")} == set(InstitutionKind.values)
        assert {row["kind"] for row in rows("work_units")} <= set(WorkUnitKind.values)
        assert {row["kind"] for row in rows("id_documents")} == set(DocumentKind.values)

    def test_there_is_one_headquarters(self):  # I-1
        assert [row["code"] for row in rows("institutions") if row["kind"] == InstitutionKind.HEADQUARTERS] == ["headquarters"]

    def test_no_alias_leads_to_two_units(self):  # I-5
        names = [row["name"] for row in rows("work_units")]
        aliases = [alias for row in rows("work_units") for alias in listed(row["aliases"])]

        assert len(names + aliases) == len(set(names + aliases))

    def test_names_fit_their_columns(self):
        for make in (candidates.institutions, candidates.work_units, candidates.titles, candidates.qualification_kinds):
            for row in make():
                row.clean_fields(exclude=["province"])

    def test_sample_of_a_certificate_fits_its_own_form(self):
        samples = {row["code"]: row["sample"] for row in rows("qualification_kinds")}

        for kind in candidates.qualification_kinds():
            assert kind.fits(samples[kind.code])

    def test_valid_document_samples_fit_their_expression(self):  # APP-4
        for row in rows("id_documents"):
            assert all(re.fullmatch(row["regex"], row[column]) for column in ("valid_1", "valid_2", "valid_3"))

    def test_form_with_a_stamp_has_a_reason_for_each_trouble(self):  # E-4, E-7
        reasons = {reason.code: reason for reason in candidates.review_reasons()}

        assert reasons["seal-electronic"].category == ReviewReason.STAMPED_FORM
        assert not reasons["doc-blurred"].asks_new_form


class TestCertificateNumbers:  # APP-2
    def test_certificate_without_a_known_form_takes_any_number(self):
        assert QualificationKind(regex="").fits("管理号 2019-01")

    def test_number_of_another_form_does_not_fit(self):
        kind = next(kind for kind in candidates.qualification_kinds() if kind.code == "teacher-qualification")

        assert kind.fits("20101200171000123")
        assert not kind.fits("20101200171000123\n")
        assert not kind.fits("2010120017100012")
