"""
What a complete application costs a doctor on a phone: ``python -m tests.measurements.filling_in http://127.0.0.1:8000``.

Against a site that `make run` serves, its demo account 188 0000 0001 not having applied yet. From the login to the stamped form handed in,
at 360 px. A tap is one on a button, link, box or radio, one into a field to type, and two for a list or a file: to open it and to choose.
"""

import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.e2e import people
from tests.e2e.conftest import CHROMIUM, SIZES, log_in
from tests.e2e.people import Applicant

DOCTOR = Applicant("18800000001", "陆闻溪", "12010319860412453X")
COUNTING = """
const add = (name, number) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name) ?? 0) + number);
addEventListener("click", ({ target, isTrusted }) => isTrusted && target.closest("a, button, label, input") && add("taps", 1), true);
addEventListener("change", ({ target }) => target.matches("select, [type=file]") && add("taps", 2), true);
const typed = new Set();
addEventListener("input", ({ target }) => {
  if (!target.matches("textarea, input:not([type=checkbox], [type=radio], [type=file])")) return;
  add("characters", target.value.length);
  if (!typed.has(target)) add("taps", 1);
  typed.add(target);
}, true);
"""


def apply(page: Page, folder: Path) -> dict[str, float]:
    """Fill in, check, submit, hand in the stamped form; return seconds after each."""
    began, passed = time.monotonic(), {}
    log_in(page, DOCTOR.phone)
    people.fill_in(page, DOCTOR, folder)
    passed["filled in"] = time.monotonic() - began
    people.to_check_page(page)
    people.submit(page)
    application = re.search(r"/applications/(\d+)/submitted", page.url)[1]
    passed["submitted"] = time.monotonic() - began
    people.upload_form(page, application, folder)
    passed["stamped form handed in"] = time.monotonic() - began
    return passed


def main(address: str) -> None:
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZES["phone"], base_url=address, locale="zh-CN").new_page()
        page.add_init_script(COUNTING)
        for what, seconds in apply(page, Path(folder)).items():
            sys.stdout.write(f"{what:24} {seconds:5.0f} s\n")
        taps, characters = (page.evaluate(f"sessionStorage.getItem('{name}')") for name in ("taps", "characters"))
        sys.stdout.write(f"{taps} taps, {characters} characters typed\n")


if __name__ == "__main__":
    main(sys.argv[1])
