"""Screenshots of pages, at desk and phone width.

    python scripts/shots.py FOLDER --base http://127.0.0.1:8000 --password DEMO \
        sign-in=/sign-in/ home=/@secretary "units=/units/@organizer"

Each page is NAME=PATH or NAME=PATH@USER; it is written as FOLDER/NAME-1280.png and
FOLDER/NAME-390.png. Says what the browser's console complained of, and exits 1 if it did, or if a
page is wider than its window.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    sync_playwright,
)

WINDOWS = {"1280": (1280, 800), "390": (390, 844)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",  # the browser's own calendar speaks as the page does
]


@dataclass(frozen=True)
class Shot:
    """A page to be looked at, as whom; an empty user is nobody."""

    name: str
    path: str
    user: str

    @classmethod
    def parse(cls, text: str) -> Shot:
        name, _, rest = text.partition("=")
        path, _, user = rest.partition("@")
        return cls(name, path, user)


def find_browser() -> str | None:
    """Chromium's program: $CHROMIUM, or the first of the usual names that is installed."""
    names = (os.environ.get("CHROMIUM", ""), *BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def take(shots: list[Shot], *, base: str, password: str, folder: Path) -> list[str]:
    """Write the pictures; what was wrong with the pages, in words."""
    program = find_browser()
    if program is None:
        sys.exit("Chromium is not installed: no screenshots.")
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for user in dict.fromkeys(shot.user for shot in shots):
            wanted = [shot for shot in shots if shot.user == user]
            context = signed_in(browser, base=base, user=user, password=password)
            for shot in wanted:
                wrong += picture(context, shot, base=base, folder=folder)
            context.close()
        browser.close()
    return wrong


def signed_in(browser: Browser, *, base: str, user: str, password: str) -> BrowserContext:
    """A browser of its own, signed in as `user` through the page that people use."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    if user:
        page = context.new_page()
        page.goto(f"{base}/sign-in/")
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", password)
        page.click("main button.btn-primary")
        page.wait_for_load_state()
        page.close()
    return context


def picture(context: BrowserContext, shot: Shot, *, base: str, folder: Path) -> list[str]:
    """One page at each width; complaints of the console and of the width."""
    wrong: list[str] = []
    for label, (width, height) in WINDOWS.items():
        page = context.new_page()
        where = f"{shot.name}-{label}"
        listen(page, where, wrong)
        page.set_viewport_size({"width": width, "height": height})
        try:
            page.goto(base + shot.path, wait_until="networkidle")
        except Error as error:
            wrong.append(f"{where}: {error.message.splitlines()[0]}")
            page.close()
            continue
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{where}: {wide} px wide in a window of {width}")
        page.screenshot(path=folder / f"{where}.png", full_page=True)
        page.close()
    return wrong


def listen(page: Page, where: str, wrong: list[str]) -> None:
    """Add to `wrong` what the console and the scripts of `page` complain of."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"{where}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"{where}: {error}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="+", type=Shot.parse, metavar="NAME=PATH[@USER]")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", ""))
    given = parser.parse_args()
    wrong = take(given.pages, base=given.base, password=given.password, folder=given.folder)
    print("\n".join(wrong) or f"{len(given.pages)} pages in {given.folder}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
