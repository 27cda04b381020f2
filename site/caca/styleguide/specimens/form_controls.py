"""Every control of a form: empty, filled in, and sent with a mistake."""

from django.templatetags.static import static

from caca.styleguide import forms
from caca.styleguide.specimens.specimen import LONG_INSTITUTION, Specimen


def fields() -> tuple[Specimen, ...]:
    looks: dict[str, dict[str, object]] = {
        "name": {},
        "email": {},
        "phone": {"numeric": True},
        "born_on": {"size": "short", "numeric": True},
        "password": {},
        "title": {},
        "remark": {"size": "wide"},
        "member_type": {"size": "wide", "kind": "choices"},
        "sex": {},
        "basis": {},
        "consent": {},
    }
    made = (("空", forms.empty()), ("填好", forms.filled()), ("有误", forms.mistaken()))
    return tuple(
        Specimen("field", f"{form[name].label}，{state}", {"field": form[name], **look})
        for name, look in looks.items()
        for state, form in made
    )


def long_forms() -> tuple[Specimen, ...]:
    empty, filled, wrong = forms.empty(), forms.filled(), forms.mistaken()
    sample = static("images/samples/portrait.svg")
    advice = "只露头肩，纯色背景，300 dpi 以上"
    current = {"url": sample, "name": "寸照（2026 年秋在北京拍摄的白底证件照）.jpg", "note": "清晰，1.8 MB", "href": sample}
    # Of a draft, and small: what is said of it, and what can be done with it.
    current["warning"] = "图片 200 × 280 像素，不足 300 dpi（需要 354 × 496 像素以上），打印出来可能不清晰。建议换一张更清晰的"
    current |= {"picture": "1", "original": sample, "crop": "250 350 0 0 250 350"}
    return (
        Specimen("upload_tile", "空", {"field": empty["portrait"], "frame": "portrait", "advice": advice, "sample_url": sample}),
        Specimen("upload_tile", "已上传", {"field": filled["portrait"], "frame": "portrait", "current": current}),
        Specimen("upload_tile", "有误", {"field": wrong["portrait"], "advice": advice}),
        *(
            Specimen("institution_picker", state, {"field": form["institutions"], "groups": _groups(form["institutions"].auto_id, chosen)})
            for state, form, chosen in (("没有选", empty, ()), ("选满一组", filled, ("11", "12")), ("有误", wrong, ()))
        ),
        *(
            Specimen("check_list", state, {"field": form["interests"]})
            for state, form in (("没有选", empty), ("选了两个", filled), ("有误", wrong))
        ),
        *(
            Specimen("cascade", state, {"label": "籍贯", "parts": [form["province"], form["city"]], "url": "/member/lookup/divisions/"})
            for state, form in (("没有选", empty), ("选了省", filled), ("有误", wrong))
        ),
        Specimen("code_field", "还没有发送", {"field": empty["code"], "hint": "发到 188****0001"}),
        Specimen("code_field", "60 秒后重发", {"field": filled["code"], "wait": 60, "send_label": "重新发送"}),
        Specimen("code_field", "有误", {"field": wrong["code"]}),
        Specimen("captcha_field", "图形验证码", {"field": empty["captcha"]}),
    )


def _groups(auto_id: str, chosen: tuple[str, ...]) -> list[dict[str, object]]:
    offered = (
        ("committee", "专委会", 5, (("11", "肺癌专业委员会", ""), ("12", LONG_INSTITUTION, ""), ("13", "北美分会", "海外分会"))),
        ("regional", "省市抗癌协会", 1, (("21", "天津市抗癌协会", ""), ("22", "西藏自治区抗癌协会", "现在不接受申请，请去掉"))),
        ("youth_council", "青年理事会", 1, (("31", "青年理事会", "您 42 周岁，符合条件"),)),
    )
    return [
        {
            "key": key,
            "title": title,
            "limit": limit,
            "options": [
                {"id": f"{auto_id}_{value}", "value": value, "label": label, "note": note, "selected": value in chosen, "search": ""}
                for value, label, note in options
            ],
        }
        for key, title, limit, options in offered
    ]
