"""
Every kind of page for those who use the keyboard, large text, a narrow window, or no motion (UI-7).

WCAG 2.2: 1.4.4 resize text, 1.4.10 reflow, 2.1.1 keyboard, 2.4.7 focus visible, 2.4.11 focus not obscured, 2.3.3 animation.
"""

import pytest

VISITOR, MEMBER, APPLICANT = None, "18800000002", "18800000001"
PAGES = {
    "/": VISITOR,
    "/guide/": VISITOR,
    "/guide/phone-enrolment/": VISITOR,
    "/news/": VISITOR,
    "/news/stamped-form/": VISITOR,
    "/about/": VISITOR,
    "/search/?q=证书": VISITOR,
    "/verify/": VISITOR,
    "/accounts/login/": VISITOR,
    "/accounts/signup/": VISITOR,
    "/member/": MEMBER,
    "/member/todo/": MEMBER,
    "/member/messages/": MEMBER,
    "/member/feedback/": MEMBER,
    "/member/certificate/": MEMBER,
    "/member/apply/": APPLICANT,
}
# What can be reached by Tab; of the radios of a group one is. Closed menus and folded parts offer nothing.
REACHABLE = """() => {
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((one) => {
    if (one.disabled || one.type === 'hidden' || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.type !== 'radio') return true;
    return groups.has(one.name) ? false : groups.add(one.name);
  }).length;
}"""
# Where the focus is, whether it can be seen there, and what lies over its middle.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
  // A control without a face of its own (a hidden file input, a radio behind its card) shows the ring on what surrounds it.
  const shown = [one, one.parentElement, one.closest('label, .choice, .upload, .field')].filter(Boolean);
  const box = (shown.find((each) => each.getBoundingClientRect().width > 8) || one).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  return {
    name: `${one.tagName} ${one.name || one.textContent.trim().slice(0, 20) || one.getAttribute('aria-label') || ''}`,
    ring: shown.some((each) => drawn(getComputedStyle(each)) || drawn(getComputedStyle(each, '::after'))),
    seen: top === null ? false : shown.some((each) => each.contains(top) || top.contains(each)),
  };
}"""


def walk(page) -> list[dict]:
    """Press Tab from the top of the page to its end; what was focused, in order."""
    steps = []
    for _ in range(page.evaluate(REACHABLE) + 1):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        step = page.evaluate(FOCUSED)
        if step is None:
            break
        steps.append(step)
    return steps


@pytest.mark.parametrize(
    ("address", "size"),
    [*((address, "phone") for address in PAGES), *((address, "desktop") for address in ("/", "/member/", "/member/apply/"))],
)
def test_everything_is_reached_by_tab_and_the_focus_is_always_seen(address, size, open_page):
    page = open_page(size, PAGES[address], reduced_motion="reduce")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    to_reach = page.evaluate(REACHABLE)

    steps = walk(page)

    assert len(steps) >= to_reach - 1, [step["name"] for step in steps]
    assert [step["name"] for step in steps if not step["ring"]] == []
    assert [step["name"] for step in steps if not step["seen"]] == []


@pytest.mark.parametrize("address", ["/", "/guide/phone-enrolment/", "/accounts/login/", "/verify/"])
def test_the_first_tab_offers_the_way_past_the_menu(address, open_page):
    page = open_page("desktop")
    page.goto(address)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("address", PAGES)
def test_a_narrow_window_and_text_of_twice_the_size_need_no_scrolling_sideways(address, open_page):
    page = open_page("phone", PAGES[address])
    page.goto(address)
    page.set_viewport_size({"width": 320, "height": 640})
    narrow = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    large = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    large_on_the_phone = page.evaluate("document.documentElement.scrollWidth")

    assert (narrow, large, large_on_the_phone) == (320, 1280, 390)


@pytest.mark.parametrize("address", ["/", "/guide/phone-enrolment/", "/member/", "/accounts/login/"])
def test_nothing_moves_for_those_who_asked_for_it(address, open_page):
    page = open_page("desktop", PAGES[address], reduced_motion="reduce")
    page.goto(address)

    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((one) => {
             const style = getComputedStyle(one);
             const seconds = [style.transitionDuration, style.animationDuration].join(',').split(',').map(parseFloat);
             return Math.max(...seconds) > 0.01;
           }).map((one) => one.outerHTML.slice(0, 60))"""
    )

    assert moving == []
