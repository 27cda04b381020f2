"""What devices are called, by the user agents people here really have."""

import pytest

from membership.accounts.device_names import describe

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (Linux; Android 13; V2166A; wv) {CHROME} Mobile Safari/537.36 MicroMessenger/8.0.50", "安卓手机 · 微信"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 MicroMessenger/7.0.20 WindowsWechat", "Windows 电脑 · 微信"),
        (
            f"Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) {CHROME} HuaweiBrowser/15.0.4.312 Mobile Safari/537.36",
            "华为手机 · 华为浏览器",
        ),
        (f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {CHROME} Safari/537.36 ArkWeb/4.1 Mobile HuaweiBrowser/5.0.4.300", "华为手机 · 华为浏览器"),
        (
            f"Mozilla/5.0 (Linux; U; Android 13; zh-cn; 2211133C) {CHROME} Mobile Safari/537.36 XiaoMi/MiuiBrowser/17.5.1",
            "安卓手机 · 小米浏览器",
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "安卓手机 · Chrome"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
            "iPhone · Safari",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
            "Mac 电脑 · Safari",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Linux 电脑 · Firefox"),
        ("curl/7.88", "curl"),
        ("", "未知设备"),
        ("\x00<script>", "未知设备"),
    ],
)
def test_a_device_has_the_name_its_owner_would_give_it(user_agent, name):
    assert describe(user_agent) == name
