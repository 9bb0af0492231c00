"""Screenshots of pages: at desk and phone width, in Chinese and English, light and dark.

    python scripts/shots.py FOLDER --base http://127.0.0.1:8000 --password DEMO \
        sign-in=/sign-in/ home=/@secretary "units=/units/@organizer"

Each page is NAME=PATH or NAME=PATH@USER, in the command or a line each on standard input; it is
written as FOLDER/NAME-zh-1280.png, -zh-390, -en-1280 and -en-390: Chinese is light, English dark.
FOLDER/index.html has all of them to page through. Says what the browser's console complained of,
and exits 1 if it did, or if a page is wider than its window or not to be had.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from html import escape
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
TALLEST = 6000
"""Of a longer page, so many pixels from its top."""
LOOKS = {"zh": ("zh-hans", "light"), "en": ("en", "dark")}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",  # the browser's own calendar speaks as the page does, if it has that language
]
SAID = {410}
"""A sign-in's code that has run out is told of on a page of its own."""
UNSAID = "Failed to load resource: the server responded with a status of 410"
TRIES = 4
LONGEST = 5_000
"""Milliseconds to wait for what a page fetches after it is there."""
SHEET = """<!doctype html>
<meta charset="utf-8">
<title>Pages</title>
<style>
  body {{ font: 14px sans-serif; background: #888; }}
  section {{ display: flex; flex-wrap: wrap; gap: 8px; align-items: start; margin: 16px 0; }}
  h2 {{ flex-basis: 100%; margin: 0; }}
  a {{ display: block; max-height: 620px; overflow: hidden; color: #000; }}
  h2 a {{ display: inline; }}
  .w1280 {{ width: 520px; }}
  .w390 {{ width: 200px; }}
</style>
{rows}
"""


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
            for label, (language, theme) in LOOKS.items():
                dress(context, base=base, language=language, theme=theme if user else "")
                for shot in wanted:
                    wrong += picture(context, shot, label, base=base, folder=folder)
            # The choice is kept with the demo's user, who had neither.
            dress(context, base=base, language="zh-hans", theme="light" if user else "")
            context.close()
        browser.close()
    (folder / "index.html").write_text(contact_sheet(shots), "utf-8")
    return wrong


def signed_in(browser: Browser, *, base: str, user: str, password: str) -> BrowserContext:
    """A browser of its own, signed in as `user` through the page that people use."""
    context = browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",  # a chart is there at once
    )
    if user:
        page = context.new_page()
        page.goto(f"{base}/sign-in/")
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", password)
        page.click("main button.btn-primary")
        page.wait_for_load_state()
        if page.locator("input[name=password]").count():
            sys.exit(f"{user} could not sign in: is it the demo, and its password?")
        page.close()
    return context


def dress(context: BrowserContext, *, base: str, language: str, theme: str) -> None:
    """Choose language and colours by the buttons of the menu, where they are not chosen yet."""
    page = context.new_page()
    page.goto(f"{base}/{'account' if theme else 'sign-in'}/")
    for name, value in (("language", language), ("theme", theme)):
        button = page.locator(f"button[name={name}][value={value}]").first
        if value and button.count():
            with page.expect_navigation():
                button.evaluate("button => button.click()")
    page.close()


def picture(
    context: BrowserContext, shot: Shot, dressed: str, *, base: str, folder: Path
) -> list[str]:
    """One page at each width; complaints of the console and of the width."""
    wrong: list[str] = []
    for label, size in WINDOWS.items():
        page = context.new_page()
        where = f"{shot.name}-{dressed}-{label}"
        listen(page, where, wrong)
        target = folder / f"{where}.png"
        for attempt in range(TRIES):
            try:
                wrong += [f"{where}: {said}" for said in look(page, base + shot.path, target, size)]
                break
            except Error as error:  # a page that went on by itself while it was looked at
                if attempt == TRIES - 1:
                    wrong.append(f"{where}: {error.message.splitlines()[0]}")
        page.close()
    return wrong


def look(page: Page, address: str, target: Path, size: tuple[int, int]) -> list[str]:
    """Write the picture of a page in a window of that size; what was wrong."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    answer = page.goto(address)
    with suppress(Error):  # a page that goes on by itself is never done
        page.wait_for_load_state("networkidle", timeout=LONGEST)
    wide, tall = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    # A window as tall as the page: what sticks to the bottom is not amidst the text.
    page.set_viewport_size({"width": width, "height": max(height, min(tall, TALLEST))})
    page.screenshot(path=target)
    wrong = []
    if answer and answer.status >= 400 and answer.status not in SAID:
        wrong.append(f"answered with {answer.status}")
    if wide > width:
        wrong.append(f"{wide} px wide in a window of {width}")
    return wrong


def contact_sheet(shots: list[Shot]) -> str:
    """All pictures on one page, a row for each page of the portal."""
    rows = [
        f'<section><h2 id="{shot.name}"><a href="#{shot.name}">{shot.name}</a> '
        f"<small>{escape(shot.path)} {shot.user}</small></h2>"
        + "".join(
            f'<a href="{shot.name}-{look}-{width}.png">'
            f'<img src="{shot.name}-{look}-{width}.png" class="w{width}" loading="lazy" alt=""></a>'
            for look in LOOKS
            for width in WINDOWS
        )
        + "</section>"
        for shot in shots
    ]
    return SHEET.format(rows="\n".join(rows))


def listen(page: Page, where: str, wrong: list[str]) -> None:
    """Add to `wrong` what the console and the scripts of `page` complain of."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(UNSAID):
            wrong.append(f"{where}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"{where}: {error}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", type=Shot.parse, metavar="NAME=PATH[@USER]")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", ""))
    given = parser.parse_intermixed_args()
    pages = given.pages or [Shot.parse(line) for line in sys.stdin.read().split()]
    wrong = take(pages, base=given.base, password=given.password, folder=given.folder)
    print("\n".join([*wrong, f"{len(pages)} pages in {given.folder}/index.html"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
