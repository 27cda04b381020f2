"""A way of sending text messages that cannot work stops the start, with the name of what is missing."""

import sys

import pytest

from membership import checks
from membership.outbox.sms.aliyun import AliyunBackend
from membership.outbox.sms.tencent import TencentBackend


def faults():
    return [(fault.id, fault.msg) for fault in checks.check_sms_backend()]


class TestSmsCheck:  # ACC-5, OPS-1
    @pytest.mark.parametrize("name", ["console", "locmem"])
    def test_what_needs_no_provider_needs_no_settings(self, settings, name):
        settings.SMS_BACKEND = name

        assert faults() == []

    @pytest.mark.parametrize("vendor", ["aliyun", "tencent"])
    def test_with_everything_set_nothing_is_amiss(self, request, vendor):
        request.getfixturevalue(vendor)

        assert faults() == []

    @pytest.mark.parametrize(
        ("vendor", "variable"),
        [
            *(("aliyun", name) for name in AliyunBackend.required_settings),
            *(("tencent", name) for name in TencentBackend.required_settings),
        ],
    )
    def test_a_missing_variable_is_named(self, request, settings, vendor, variable):
        request.getfixturevalue(vendor)
        setattr(settings, variable, "")

        assert faults() == [("membership.E004", f"SMS_BACKEND is {vendor}, which needs the environment variable {variable}.")]

    @pytest.mark.parametrize(("vendor", "variable"), [("aliyun", "ALIYUN_SMS_TEMPLATES"), ("tencent", "TENCENT_SMS_TEMPLATES")])
    def test_wordings_without_a_template_are_named_and_only_those_of_the_codes_stop_the_start(self, request, settings, vendor, variable):
        request.getfixturevalue(vendor)
        ids = {**getattr(settings, variable), "review-late": ""}
        del ids["account_code"]
        setattr(settings, variable, ids)

        assert faults() == [
            ("membership.E005", f"{variable} has no template for account_code."),
            ("membership.W001", f"{variable} has no template for review-late."),
        ]

    def test_templates_that_are_no_mapping_are_named(self, aliyun, settings):
        settings.ALIYUN_SMS_TEMPLATES = ["SMS_1"]

        assert [identifier for identifier, _ in faults()] == ["membership.E005"]

    def test_a_backend_that_is_none_is_named(self, settings):
        settings.SMS_BACKEND = "pigeon"

        assert faults()[0][0] == "membership.E003"
        assert "SMS_BACKEND is pigeon" in faults()[0][1]

    def test_a_missing_sdk_is_named_before_the_first_code_is_asked_for(self, settings, monkeypatch):
        settings.SMS_BACKEND = "tencent"
        monkeypatch.delitem(sys.modules, "membership.outbox.sms.tencent")
        monkeypatch.setitem(sys.modules, "tencentcloud.sms.v20210111.sms_client", None)

        assert [identifier for identifier, _ in faults()] == ["membership.E003"]
