"""The two providers as they answer on this machine, and settings that lead to them."""

import pytest

from membership.outbox.sms import templates
from tests.factories import sms_vendors

# Short, for a test that waits for an answer that never comes; long enough for one that does.
READ_TIMEOUT = 1.0


@pytest.fixture
def no_proxy(monkeypatch):
    """Both SDKs would send what is meant for this machine to a proxy of the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def aliyun(settings, no_proxy):
    with sms_vendors.serving(sms_vendors.aliyun()) as vendor:
        settings.SMS_BACKEND = "aliyun"
        settings.SMS_READ_TIMEOUT = READ_TIMEOUT
        settings.ALIYUN_SMS_ACCESS_KEY_ID = "an-id-for-tests"
        settings.ALIYUN_SMS_ACCESS_KEY_SECRET = sms_vendors.SECRET
        settings.ALIYUN_SMS_SIGN_NAME = "中国抗癌协会"
        settings.ALIYUN_SMS_TEMPLATES = {name: f"SMS_{place}" for place, name in enumerate(templates.PLACES, start=1)}
        settings.ALIYUN_SMS_ENDPOINT = vendor.address
        yield vendor


@pytest.fixture
def tencent(settings, no_proxy):
    with sms_vendors.serving(sms_vendors.tencent()) as vendor:
        settings.SMS_BACKEND = "tencent"
        settings.SMS_READ_TIMEOUT = READ_TIMEOUT
        settings.TENCENT_SMS_SECRET_ID = "an-id-for-tests"
        settings.TENCENT_SMS_SECRET_KEY = sms_vendors.SECRET
        settings.TENCENT_SMS_SDK_APP_ID = "1400006666"
        settings.TENCENT_SMS_SIGN_NAME = "中国抗癌协会"
        settings.TENCENT_SMS_TEMPLATES = {name: 1000 + place for place, name in enumerate(templates.PLACES)}
        settings.TENCENT_SMS_ENDPOINT = vendor.address
        yield vendor
