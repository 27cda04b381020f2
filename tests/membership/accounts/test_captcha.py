"""The captcha before the first code: what it asks, when it is used up, and that a stranger learns nothing by it (ACC-5, field case 39)."""

import re
import wave
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO, StringIO
from threading import Barrier

import pytest
from captcha.models import CaptchaStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from membership.accounts import captcha, spoken_digits
from membership.models import User
from tests.membership.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "18800000001", "18800000002"
SIGNUP, LOGIN_CODE, FORGOTTEN = "/accounts/signup/", "/accounts/login/code/", "/accounts/password/reset/"
PAGES = [SIGNUP, LOGIN_CODE, FORGOTTEN]
WRONG = "图形验证码不对，请按新图片填写"


@pytest.fixture(autouse=True)
def captcha_is_asked(settings):
    settings.CAPTCHA_BEFORE_CODES = True


def key_on(answer) -> str:
    return re.search(r'name="captcha_key" value="(\w+)"', answer.content.decode())[1]


def digits_of(key: str) -> str:
    return CaptchaStore.objects.get(hashkey=key).response


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 10_000:04d}"


def typed_on(page: str, phone: str = KNOWN) -> dict[str, str]:
    """All that a page asks but the captcha."""
    passwords = {"password1": PASSWORD, "password2": PASSWORD, "privacy": "on"}
    return {"phone": phone, **(passwords if page == SIGNUP else {})}


def send(visitor: Client, page: str, *, key: str | None = None, digits: str | None = None, **typed):
    """Send a page's form, by default with the right answer to a new captcha."""
    key = key or key_on(visitor.get(page))
    return visitor.post(page, {**typed_on(page), "captcha_key": key, "captcha": digits_of(key) if digits is None else digits, **typed})


def errors(answer) -> dict:
    return answer.context["form"].errors


def let_pass(key: str, **time) -> None:
    """Let time pass for a captcha."""
    made = CaptchaStore.objects.get(hashkey=key)
    made.expiration -= timedelta(**time)
    made.save()


@pytest.mark.parametrize("page", PAGES)
class TestBeforeCodes:  # ACC-5: a captcha before the first send
    def test_the_right_digits_send_the_code(self, visitor, sms_outbox, page):
        assert send(visitor, page).status_code == 302

        assert len(sms_outbox) == 1

    def test_wrong_ones_send_nothing_and_a_new_picture_is_there_with_the_error_beside_it(self, visitor, sms_outbox, page):
        key = key_on(visitor.get(page))

        answer = send(visitor, page, key=key, digits=other_than(digits_of(key)))

        assert errors(answer) == {"captcha": [WRONG]}
        assert WRONG in answer.content.decode()
        assert key_on(answer) != key
        assert 'value="18800000001"' in answer.content.decode()
        assert len(sms_outbox) == 0

    def test_none_at_all_are_asked_for_and_the_picture_stays(self, visitor, sms_outbox, page):
        key = key_on(visitor.get(page))

        answer = send(visitor, page, key=key, digits=" ")

        assert errors(answer) == {"captcha": ["请填写图形验证码"]}
        assert key_on(answer) == key
        assert len(sms_outbox) == 0

    def test_a_form_that_came_without_the_field_sends_nothing(self, visitor, sms_outbox, page):
        answer = visitor.post(page, typed_on(page))

        assert errors(answer).keys() == {"captcha"}
        assert len(sms_outbox) == 0

    @pytest.mark.parametrize("key", ["nobody", "\x00", "", "1' OR 1=1"])
    def test_a_made_up_key_is_a_wrong_answer(self, visitor, sms_outbox, page, key):
        answer = visitor.post(page, {**typed_on(page), "captcha_key": key, "captcha": "1234"})

        assert errors(answer) == {"captcha": [WRONG]}
        assert len(sms_outbox) == 0

    def test_where_it_is_switched_off_nothing_is_asked(self, visitor, sms_outbox, settings, page):
        settings.CAPTCHA_BEFORE_CODES = False

        assert "captcha_key" not in visitor.get(page).content.decode()
        assert visitor.post(page, typed_on(page)).status_code == 302


class TestTyping:
    @pytest.mark.parametrize(
        "write", [" ".join, lambda digits: digits.translate(str.maketrans("0123456789", "０１２３４５６７８９")) + "　"]
    )
    def test_full_width_digits_and_spaces_are_fine(self, visitor, write):
        key = key_on(visitor.get(LOGIN_CODE))

        assert send(visitor, LOGIN_CODE, key=key, digits=write(digits_of(key))).status_code == 302

    def test_the_phone_offers_its_number_keys_and_no_old_answers(self, visitor):
        field = visitor.get(LOGIN_CODE).context["form"]["captcha"].as_widget()

        assert 'inputmode="numeric"' in field
        assert 'autocomplete="off"' in field

    def test_an_error_is_tied_to_its_field(self, visitor):
        page = send(visitor, SIGNUP, digits="x").content.decode()

        assert re.search(r'<input[^>]*name="captcha"[^>]*aria-describedby="[^"]*id_captcha_error"', page)
        assert 'href="#id_captcha"' in page


class TestUsedOnce:  # field case 39: one answer used 50 times
    def test_a_right_answer_serves_once(self, visitor, sms_outbox):
        key = key_on(visitor.get(LOGIN_CODE))
        digits = digits_of(key)
        send(visitor, LOGIN_CODE, key=key, digits=digits)

        answers = [send(Client(), LOGIN_CODE, key=key, digits=digits, phone=f"188000001{number:02d}") for number in range(5)]

        assert all(errors(answer) == {"captcha": [WRONG]} for answer in answers)
        assert len(sms_outbox) == 1

    def test_after_a_wrong_one_the_right_one_is_too_late(self, visitor, sms_outbox):
        key = key_on(visitor.get(LOGIN_CODE))
        digits = digits_of(key)
        send(visitor, LOGIN_CODE, key=key, digits=other_than(digits))

        assert errors(send(visitor, LOGIN_CODE, key=key, digits=digits)) == {"captcha": [WRONG]}
        assert len(sms_outbox) == 0

    def test_it_lasts_five_minutes(self, visitor):
        key = key_on(visitor.get(LOGIN_CODE))
        let_pass(key, minutes=4, seconds=50)
        late = key_on(visitor.get(LOGIN_CODE))
        let_pass(late, minutes=5)

        answer = send(visitor, LOGIN_CODE, key=late)

        assert errors(answer) == {"captcha": [WRONG]}
        assert key_on(answer) != late
        assert send(visitor, LOGIN_CODE, key=key).status_code == 302

    def test_sending_again_asks_for_none(self, visitor, sms_outbox):
        send(visitor, LOGIN_CODE)

        visitor.post("/accounts/login/code/confirm/", {"action": "resend"})

        assert len(sms_outbox) == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestUsedOnceAtTheSameTime:  # field case 39
    def test_of_many_who_send_the_right_answer_at_once_one_is_let_through(self):
        for _round in range(10):
            key = CaptchaStore.generate_key()
            digits, start = digits_of(key), Barrier(8)

            def answer(key=key, digits=digits, start=start) -> bool:
                start.wait()
                try:
                    return captcha.is_right(key, digits, at=timezone.now())
                finally:
                    connection.close()

            with ThreadPoolExecutor(8) as pool:
                assert sum(future.result() for future in [pool.submit(answer) for _ in range(8)]) == 1


class TestOtherMistakes:
    def test_while_something_else_is_wrong_it_is_not_checked_and_stays_as_typed(self, visitor, sms_outbox):
        key = key_on(visitor.get(SIGNUP))
        digits = digits_of(key)

        answer = send(visitor, SIGNUP, key=key, password2="another")

        assert errors(answer).keys() == {"password2"}
        assert key_on(answer) == key
        assert f'value="{digits}"' in answer.content.decode()
        assert send(visitor, SIGNUP, key=key, digits=digits).status_code == 302

    def test_nobody_learns_whether_an_unchecked_answer_was_right(self, visitor):
        key = key_on(visitor.get(SIGNUP))
        right = send(visitor, SIGNUP, key=key, phone="1")
        wrong = send(visitor, SIGNUP, key=key, phone="1", digits=other_than(digits_of(key)))

        assert errors(right) == errors(wrong)

    def test_one_that_expired_meanwhile_gives_way_to_a_new_empty_one(self, visitor):
        key = key_on(visitor.get(SIGNUP))
        digits = digits_of(key)
        let_pass(key, minutes=5)

        answer = send(visitor, SIGNUP, key=key, digits=digits, password2="another")

        assert key_on(answer) != key
        assert f'value="{digits}"' not in answer.content.decode()

    def test_a_number_that_must_wait_is_told_beside_it_and_gets_a_new_picture(self, visitor, limits, sms_outbox):
        send(Client(), LOGIN_CODE)
        key = key_on(visitor.get(LOGIN_CODE))

        answer = send(visitor, LOGIN_CODE, key=key)

        assert errors(answer).keys() == {"phone"}
        assert key_on(answer) != key
        assert len(sms_outbox) == 1


@pytest.mark.usefixtures("limits")
class TestNothingIsSpentOrTold:  # ACC-1, ACC-2, ACC-5, field case 39
    @pytest.mark.parametrize("page", PAGES)
    def test_a_wrong_answer_does_not_use_the_allowance_up(self, visitor, sms_outbox, page):
        send(visitor, page, digits="x")

        assert send(visitor, page).status_code == 302
        assert len(sms_outbox) == 1

    @pytest.mark.parametrize("page", PAGES)
    def test_a_wrong_answer_does_not_tell_whether_the_number_must_wait(self, visitor, page):
        send(Client(), LOGIN_CODE)

        assert errors(send(visitor, page, digits="x")) == {"captcha": [WRONG]}

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("digits", [None, "x", ""])
    def test_known_and_unknown_numbers_get_the_same_answer(self, page, digits):
        User.objects.create_user(f"+86{KNOWN}", PASSWORD, phone_verified=True)

        known, unknown = (self.seen(page, phone, digits) for phone in (KNOWN, UNKNOWN))

        assert known == unknown

    def seen(self, page, phone, digits):
        """Return what a stranger sees: status, way on, cookies, and the text without what differs at every visit."""
        answer = send(Client(), page, phone=phone, digits=digits)
        text = re.sub(r'(csrfmiddlewaretoken|captcha_key)" value="\w+"|/captcha/\w+\.|data-seconds="\d+"', "", answer.content.decode())
        return answer.status_code, answer.headers.get("Location"), sorted(answer.cookies), text.replace(phone, "")


class TestAnother:  # 换一张
    @pytest.mark.parametrize("page", PAGES)
    def test_without_scripts_the_form_comes_back_as_typed_without_errors(self, visitor, sms_outbox, page):
        key = key_on(visitor.get(page))

        answer = send(visitor, page, key=key, action="new-captcha", phone="188 0000", phone_country="HK")

        text = answer.content.decode()
        assert errors(answer) == {}
        assert "field__error" not in text
        assert 'value="188 0000"' in text
        assert re.search(r'<option value="HK"[^>]* selected', text)
        assert key_on(answer) != key
        assert answer.context["form"]["captcha"].value() == ""
        assert len(sms_outbox) == 0

    def test_the_consent_stays_and_passwords_are_not_shown(self, visitor):
        text = send(visitor, SIGNUP, action="new-captcha").content.decode()

        assert re.search(r'<input[^>]*name="privacy"[^>]* checked', text)
        assert PASSWORD not in text

    def test_enter_sends_the_form_and_does_not_ask_for_another_picture(self, visitor):
        text = visitor.get(SIGNUP).content.decode()

        first = re.search(r"<noscript><button[^>]*>", text)
        assert "submit" in first[0] and "name=" not in first[0]
        assert first.start() < text.index('value="new-captcha"')

    def test_a_script_gets_all_it_needs_to_change_it_in_place(self, visitor):
        another = visitor.post("/accounts/captcha/new/").json()

        assert another.keys() == {"key", "picture", "sound", "seconds"}
        assert 290 <= another["seconds"] <= 300
        assert visitor.get(another["picture"])["Content-Type"] == "image/png"
        assert visitor.get(another["sound"])["Content-Type"] == "audio/wav"
        assert send(visitor, LOGIN_CODE, key=another["key"]).status_code == 302

    def test_it_is_no_page_to_look_at_and_other_sites_cannot_ask_for_it(self, visitor):
        assert visitor.get("/accounts/captcha/new/").status_code == 405
        assert Client(enforce_csrf_checks=True).post("/accounts/captcha/new/").status_code == 403


class TestPictureAndSound:
    @pytest.fixture
    def key(self) -> str:
        return CaptchaStore.generate_key()

    def test_four_digits(self, key):
        assert re.fullmatch(r"\d{4}", digits_of(key))

    def test_the_picture_is_the_same_each_time_and_large_enough_for_fine_screens(self, visitor, key):
        first, second = (visitor.get(f"/accounts/captcha/{key}.png").content for _ in range(2))

        assert first == second
        assert Image.open(BytesIO(first)).size == (288, 96)

    def test_dark_digits_on_light_paper(self, visitor, key):
        levels = Image.open(BytesIO(visitor.get(f"/accounts/captcha/{key}.png").content)).convert("L").histogram()

        assert sum(levels[:60]) > 1500
        assert sum(levels[240:]) > 15000

    def test_the_sound_holds_each_digit_once_after_a_pause(self, visitor, key):
        file = visitor.get(f"/accounts/captcha/{key}.wav").getvalue()

        frames = [len(samples(digit)) // spoken_digits.WIDTH for digit in digits_of(key)]
        assert len(frames) == 4
        with wave.open(BytesIO(file)) as sound:
            assert sound.getnframes() == sum(frames) + 4 * int(spoken_digits.PAUSE * sound.getframerate())

    def test_the_sound_of_a_digit_is_its_recording(self):
        with wave.open(BytesIO(spoken_digits.read_aloud("70"))) as sound:
            said = sound.readframes(sound.getnframes())
            silence = bytes(int(spoken_digits.PAUSE * sound.getframerate()) * sound.getsampwidth())

        assert said == silence + samples("7") + silence + samples("0")

    def test_every_recording_is_small_alike_and_not_silent(self):
        for digit in "0123456789":
            with wave.open(str(spoken_digits.FOLDER / f"{digit}.wav")) as sound:
                assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16_000)
                assert 0.25 < sound.getnframes() / 16_000 < 0.8
            assert any(samples(digit))
        assert len({samples(digit) for digit in "0123456789"}) == 10

    def test_the_iphone_may_have_the_sound_in_parts(self, visitor, key):
        part = visitor.get(f"/accounts/captcha/{key}.wav", HTTP_RANGE="bytes=0-1")

        assert part.status_code == 206
        assert part.getvalue() == b"RI"

    @pytest.mark.parametrize("kind", ["png", "wav"])
    def test_neither_is_kept_by_a_browser_nor_found_once_it_is_used_up(self, visitor, key, kind):
        assert "no-store" in visitor.get(f"/accounts/captcha/{key}.{kind}")["Cache-Control"]
        captcha.is_right(key, "x", at=timezone.now())

        assert visitor.get(f"/accounts/captcha/{key}.{kind}").status_code in (404, 410)

    def test_the_page_offers_both_in_words(self, visitor):
        text = visitor.get(LOGIN_CODE).content.decode()

        assert 'alt="图形验证码，看不清可以换一张或听数字"' in text
        assert re.search(r'<a [^>]*href="/accounts/captcha/\w+\.wav"[^>]*>听数字</a>', text)


def samples(digit: str) -> bytes:
    with wave.open(str(spoken_digits.FOLDER / f"{digit}.wav")) as sound:
        return sound.readframes(sound.getnframes())


class TestLimits:  # field case 39: the captcha got round by reload
    @pytest.fixture(autouse=True)
    def three_a_minute(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {"captcha": "3/m/ip"}

    def statuses(self, ask) -> list[int]:
        return [ask(Client()).status_code for _ in range(4)]

    @pytest.mark.parametrize("page", PAGES)
    def test_reloading_a_page_is_limited_for_an_address(self, page):
        assert self.statuses(lambda visitor: visitor.get(page)) == [200, 200, 200, 429]
        assert Client(REMOTE_ADDR="203.0.113.9").get(page).status_code == 200

    def test_so_are_changing_drawing_and_reading_aloud(self):
        key = CaptchaStore.generate_key()
        asks = [
            lambda visitor: visitor.post("/accounts/captcha/new/"),
            lambda visitor: visitor.get(f"/accounts/captcha/{key}.png"),
            lambda visitor: visitor.get(f"/accounts/captcha/{key}.wav"),
            lambda visitor: visitor.get(SIGNUP),
        ]

        assert [ask(Client()).status_code for ask in asks] == [200, 200, 200, 429]


class TestSweep:
    def test_what_nobody_answered_in_time_is_cleared_away(self):
        kept, late = CaptchaStore.generate_key(), CaptchaStore.generate_key()
        let_pass(late, minutes=5)
        said = StringIO()

        call_command("sweep", stdout=said)

        assert list(CaptchaStore.objects.values_list("hashkey", flat=True)) == [kept]
        assert "captchas cleared away: 1 done" in said.getvalue()
