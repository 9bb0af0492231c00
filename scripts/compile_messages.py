"""Compile the message catalogues that changed, without the gettext tools."""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale(folder: Path = LOCALE) -> list[Path]:
    """Compile each `.po` under `folder` that is newer than its `.mo`; the files written.

    Fuzzy and empty entries are left out, as msgfmt does. A file appears whole or not at all, since
    it is written beside its place and then moved there.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_stale():
        print(f"Compiled {path.relative_to(LOCALE)}")
