"""The house rules that a machine can hold: layers, sizes, one gate, no leftovers."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "organizations", "members", "activities", "assessment", "config"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PURE = [  # those that reckon; reading a spreadsheet meets floats
    module
    for contract in PYPROJECT["tool"]["importlinter"]["contracts"]
    if contract["type"] == "forbidden" and "roster" not in contract["name"]
    for module in contract["source_modules"]
]
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
# What is not ours to mend: vendored files, and data as its source published it.
NOT_OURS = ("static/vendor/", "locale/", "requirements/")


def sources(*patterns):
    """Our own Python files that match, without migrations."""
    found = {path for app in APPS for pattern in patterns for path in (ROOT / app).rglob(pattern)}
    return sorted(path for path in found if "migrations" not in path.parts)


def committed_files():
    """What git has or would take, as paths below the project."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("Not a git checkout.")
    names = [name for name in done.stdout.split("\0") if name and not name.startswith(NOT_OURS)]
    return sorted(ROOT / name for name in names if (ROOT / name).is_file())


def named(path):
    return str(path.relative_to(ROOT))


def test_imports_run_one_way_and_the_rules_know_no_django():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_migrations_are_current():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_query_of_a_page_passes_the_gate():
    """`.objects` goes on to `visible_to`, or is a class's `queryset`, gated by its mixin.

    Accounts knows no unit: its pages show a person's own account.
    """
    # hosted_under takes the paths of a person's grants; a subquery, what its outer query has;
    # tied_to asks for the grants as visible_to does.
    gated = r"\s*\.(?:visible_to\(|tied_to\(|none\(|hosted_under\(|filter\(\w+=OuterRef)"
    start = r"^(?!    queryset = ).*(?<!AuditEvent)"  # accounts knows no unit
    ungated = re.compile(rf"{start}\.objects\b(?!{gated}).*$", re.MULTILINE)
    rooms = ["views.py", "*_views.py", "views/*.py", "exports.py", "exports/*.py"]

    wrong = [
        f"{named(path)}: {match[0].strip()}"
        for path in sources(*rooms)
        if path.relative_to(ROOT).parts[0] != "accounts"
        for match in ungated.finditer(path.read_text("utf-8"))
    ]

    assert wrong == []


def test_no_file_outgrows_a_reader():
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in sources("*.py")}

    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_rooms_have_names_that_say_what_is_in_them():
    vague = {"utils.py", "helpers.py", "common.py", "managers.py", "selectors.py", "signals.py"}

    assert [named(path) for path in sources("*.py") if path.name in vague] == []


def test_nothing_happens_behind_a_signal():
    signals = re.compile(r"django\.dispatch|db\.models\.signals|django\.\w+\.signals")

    assert [named(p) for p in sources("*.py") if signals.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("module", PURE)
def test_rules_reckon_without_floats_and_without_a_clock(module):
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    wrong = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            wrong.append((node.lineno, node.value))
        if isinstance(node, ast.Name) and node.id == "float":
            wrong.append((node.lineno, node.id))
        if isinstance(node, ast.Attribute) and node.attr in {"today", "now", "total_seconds"}:
            wrong.append((node.lineno, node.attr))

    assert wrong == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline script", r"<script(?![^>]*\b(?:src=|type=\"application/json\"))"),
        ("inline style", r"<style\b|[\s\"']style\s*="),
        ("event handler", r"<[^>]*\son[a-z]+\s*="),
        ("script address", r"javascript:"),
    ],
)
def test_templates_hold_nothing_that_the_policy_forbids(what, pattern):
    forbidden = re.compile(pattern, re.IGNORECASE)

    wrong = [
        named(path)
        for path in (ROOT / "templates").rglob("*.*")
        if forbidden.search(TEMPLATE_TAG.sub("", path.read_text("utf-8")))
    ]

    assert wrong == []


def test_pages_name_no_outside_address():
    """Nothing is fetched from elsewhere; a namespace is a name that no browser fetches."""
    outside = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
    texts = {".html", ".css", ".js", ".svg", ".txt", ".json"}
    places = [*(ROOT / "templates").rglob("*"), *(ROOT / "static").rglob("*")]

    wrong = [
        named(path)
        for path in places
        if path.suffix in texts
        and "vendor" not in path.parts
        and outside.search(path.read_text("utf-8"))
    ]

    assert wrong == []


def test_vendored_styles_load_nothing_from_outside():
    loads = re.compile(r"@import|url\(\s*[\"']?(?:https?:)?//|sourceMappingURL", re.IGNORECASE)
    vendor = ROOT / "static" / "vendor"

    assert [
        named(path) for path in vendor.rglob("*.css") if loads.search(path.read_text("utf-8"))
    ] == []


def test_nothing_is_left_unfinished_or_names_the_makers_machine():
    leftover = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|(?<![\w.~-])/(?:work|tmp)/")

    wrong = []
    for path in committed_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a spreadsheet
        wrong += [f"{named(path)}: {match[0]}" for match in leftover.finditer(text)]

    assert wrong == []


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_locked_packages_carry_hashes_and_no_address(name):
    text = (ROOT / "requirements" / name).read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9-]+==[^\n]*\n(\s+--hash=sha256:)?", text, re.MULTILINE)

    assert pinned
    assert all(pinned)
    assert "://" not in text
    assert "index" not in text


def test_every_dependency_is_explained_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.match(r"[a-z0-9-]+", text)[0] for text in wanted]

    assert [name for name in names if f"| {name} |" not in readme] == []
