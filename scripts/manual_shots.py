"""The pictures of the manual, from a running demo: part of `make shots`.

    python scripts/manual_shots.py --base http://127.0.0.1:8000

Each is the first screen of a page at desk width, in few colours: the repository stays small.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from shots import FLAGS, dress, find_browser, signed_in

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "manual" / "shots"
SIZE = {"width": 1280, "height": 860}
COLOURS = 96
PASSWORD = "hong-hua-gang-2026"  # noqa: S105  (the demo's, printed at every start)
PAGES = {
    "home": ("secretary", "/"),
    "log": ("secretary", "/activities/log/?kind=party_lecture&kind=members_meeting"),
    "calendar": ("secretary", "/activities/calendar/"),
    "members": ("secretary", "/members/"),
    "import": ("secretary", "/members/import/"),
    "review": ("reviewer", "/review/"),
    "dashboard": ("organizer", "/dashboard/"),
    "why": ("organizer", "/assessment/units/520302001/study-days/"),
    "clauses": ("organizer", "/clauses/"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    base = parser.parse_args().base
    program = find_browser()
    if program is None:
        sys.exit("Chromium is not installed: no screenshots.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for user in dict.fromkeys(user for user, _path in PAGES.values()):
            context = signed_in(browser, base=base, user=user, password=PASSWORD)
            dress(context, base=base, language="zh-hans", theme="light")
            page = context.new_page()
            page.set_viewport_size(SIZE)
            for name, (whose, path) in PAGES.items():
                if whose == user:
                    page.goto(base + path, wait_until="networkidle")
                    target = FOLDER / f"{name}.png"
                    page.screenshot(path=target)
                    Image.open(target).convert("RGB").quantize(COLOURS).save(target, optimize=True)
            context.close()
        browser.close()
    print(f"{len(PAGES)} pictures in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
