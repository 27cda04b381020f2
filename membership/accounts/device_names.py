"""What a device and its browser are called, told to people who never read a user agent: «iPhone · 微信»."""

from ua_parser import parse

UNKNOWN = "未知设备"
# WeChat's browser passes on Android as a plain view of Chrome.
WECHAT_MARK = "MicroMessenger"
WECHAT = "微信"
# The parser's families, where our people know another name.
BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile WebView": "应用内浏览器",
    "Chrome Mobile iOS": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Huawei Browser": "华为浏览器",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "应用内浏览器",
    "MiuiBrowser": "小米浏览器",
    "QQ Browser": "QQ 浏览器",
    "QQ Browser Mobile": "QQ 浏览器",
    "Samsung Internet": "三星浏览器",
    "UC Browser": "UC 浏览器",
    "WeChat Browser": WECHAT,
}
DEVICES = {"Android": "安卓手机", "Windows": "Windows 电脑", "Mac OS X": "Mac 电脑", "Linux": "Linux 电脑", "Chrome OS": "Chromebook"}
NAMED_DEVICES = ("iPhone", "iPad")


def describe(user_agent: str) -> str:
    """Return device and browser in words; what cannot be told is left out, «未知设备» if nothing can."""
    found = parse(user_agent)
    return " · ".join(filter(None, (_device(found, user_agent), _browser(found, user_agent)))) or UNKNOWN


def _device(found, user_agent: str) -> str:
    if found.device and found.device.family in NAMED_DEVICES:
        return found.device.family
    if "HarmonyOS" in user_agent or "OpenHarmony" in user_agent:
        return "华为手机"
    return DEVICES.get(found.os.family, "") if found.os else ""


def _browser(found, user_agent: str) -> str:
    if WECHAT_MARK in user_agent:
        return WECHAT
    if found.user_agent is None:
        return ""
    return BROWSERS.get(found.user_agent.family, found.user_agent.family)
