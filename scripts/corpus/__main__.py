"""Write all files of the corpus."""

from __future__ import annotations

from scripts.corpus import cells, files, office, tables
from scripts.corpus.tools import CASES, FOLDER

MODULES = (files, tables, cells, office)
"""Importing them registers their files."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, make in CASES.items():
        try:
            FOLDER.joinpath(name).write_bytes(make())
        except FileNotFoundError:
            print(f"{name}: no LibreOffice here; the file stays as it is")
    print(f"{len(CASES)} files in {FOLDER}")


if __name__ == "__main__":
    main()
