"""What the account pages and their text messages say. «SMS_» texts name the template that providers find them by."""

from django.utils.translation import gettext_lazy as _

SMS_CODE = ("account_code", "验证码 {code}，5 分钟内有效。请勿告诉他人，协会工作人员不会向您索要。")
SMS_ALREADY_REGISTERED = (
    "account_already_registered",
    "您的手机号已有账号，不必再注册。请在登录页选择「验证码登录」。如果不是您本人操作，请不用理会。",
)

SMS_NUMBER_IN_USE = (
    "account_number_in_use",
    "有人要把账号的手机号更换为您的号码，但这个号码已有账号。如果是您本人，请改用别的号码；如果不是，请不用理会。",
)

UNKNOWN_ACCOUNT = _("账号不存在，请点击用户注册")
SENT_TO = _("已发送到 %(phone)s，5 分钟内有效")
SENT_AGAIN_TO = _("已重新发送到 %(phone)s，5 分钟内有效")
NOT_SENT = _("短信可能没有发出。1 分钟后还没收到，请点「重新发送」")
CEILING_REACHED = _("今天发出的短信太多，暂时发不了验证码。请用密码登录，或明天再试")
TOO_OFTEN = _("操作太频繁，请稍后再试")
# By the period of the limit that is used up, in seconds.
TOO_OFTEN_FOR_NUMBER = _("验证码发送得太频繁，同一号码每分钟只能发送一次。请稍等再试")
TOO_OFTEN_TODAY = _("这个号码今天收到的验证码太多，请明天再试，或用密码登录")
TOO_OFTEN_FOR_ADDRESS = _("您所在的网络发送的验证码太多，请 1 小时后再试，或用密码登录")
CODE_EXPIRED = _("验证码已过期，请重新获取")
TOO_MANY_TRIES = _("输错的次数太多，请重新获取验证码")
PASSWORD_RESET = _("新密码已保存，其他设备上的登录已退出")
NUMBER_CHANGED = _("手机号已更换为 %(phone)s，请用新号码登录")
SET_A_NEW_PASSWORD = _("手机号已验证。为了安全，请重新设置登录密码")

WAYS_TO_CONFIRM = {
    "reauthenticate": _("用登录密码"),
    "mfa_reauthenticate": _("用动态验证码"),
    "sms_code": _("用短信验证码"),
}

# allauth's own keys.
ERRORS = {
    "account_inactive": _("这个账号已停用"),
    "phone_password_mismatch": _("手机号或密码不对，请核对"),
    "phone_taken": _("这个手机号已经注册过，请登录"),
    "enter_current_password": _("当前密码不对，请核对"),
    "incorrect_code": _("验证码不对，请核对"),
    "incorrect_password": _("密码不对，请核对"),
    "invalid_login": _("手机号或密码不对，请核对"),
    "too_many_login_attempts": _("输错的次数太多。请 5 分钟后再试，也可以换用密码或验证码登录"),
    "unknown_phone": UNKNOWN_ACCOUNT,
    "same_as_current": _("新手机号与现在的相同"),
    "rate_limited": TOO_OFTEN,
}
