"""Fill static/vendor and static/icons.svg from npm packages; run when a version changes.

    python scripts/vendor.py

Fetches the exact versions below with `npm pack`, copies only what pages load with the licence,
drops source-map references, and rewrites Tabler's newest colour functions (`light-dark`, `oklch`,
`color-mix`) to plain colours, because browsers of government desks are often years old. What the
dark theme says otherwise becomes a sheet of its own, `tabler.dark.css`.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
PACKAGES = {
    "tabler": ("@tabler/core", "1.6.1", {"dist/css/tabler.min.css": "tabler.min.css"}),
    "htmx": ("htmx.org", "2.0.10", {"dist/htmx.min.js": "htmx.min.js"}),
    "echarts": ("echarts", "6.1.0", {"dist/echarts.common.min.js": "echarts.common.min.js"}),
}
ICONS_PACKAGE = ("@tabler/icons", "3.51.0")
ICONS = """
    home building-community building hierarchy users users-group user user-circle user-plus
    calendar calendar-event calendar-plus chart-bar layout-dashboard bell file-import upload
    download file-spreadsheet logout login-2 language key settings search filter plus edit trash
    check checks x circle-check circle-x alert-triangle alert-circle info-circle clock hourglass
    circle-dashed circle-minus help-circle eye eye-off lock arrow-left arrow-right arrow-back-up
    arrows-exchange chevron-down chevron-right chevron-left dots printer map-pin paperclip history
    external-link menu-2 refresh send book school flag star shield-lock phone id mail notes
    list-check clipboard-check trending-down ban inbox briefcase certificate device-floppy minus
    text-size sun moon sort-ascending link mood-empty circle-arrow-right chart-line
""".split()
NODES = re.compile(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>")
MIT_HOLDERS = {"tabler": "2018-2026 The Tabler Authors"}
"""Packages that say "MIT" and leave the text out."""
MIT = """MIT License

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
BLANK = 'stroke="none" d="M0 0h24v24H0z"'


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, (package, version, files) in PACKAGES.items():
            source = fetch(package, version, Path(folder))
            copy_files(source, STATIC / "vendor" / name, files, f"{package} {version}\n")
        icons = fetch(*ICONS_PACKAGE, Path(folder))
        (STATIC / "icons.svg").write_text(sprite(icons / "icons" / "outline"), "utf-8")
        target = STATIC / "vendor" / "tabler-icons"
        copy_files(icons, target, {}, f"{' '.join(ICONS_PACKAGE)} (as static/icons.svg)\n")


def fetch(package: str, version: str, folder: Path) -> Path:
    """The unpacked package, from the npm registry."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / done.stdout.split()[-1]
    target = archive.with_suffix("")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def copy_files(source: Path, target: Path, files: dict[str, str], version: str) -> None:
    """Copy `files` and the licence into `target`, with a VERSION line."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path, name in files.items():
        text = re.sub(r"\n?(//|/\*)# sourceMappingURL=[^\n]*", "", (source / path).read_text())
        if name.endswith(".css"):
            dark = target / name.replace(".min.css", ".dark.css")
            dark.write_text(dark_colours(text), "utf-8")
            text = plain_colours(text)
        (target / name).write_text(text.rstrip() + "\n", "utf-8")
    (target / "VERSION").write_text(version, "utf-8")
    for notice in ("LICENSE", "NOTICE"):
        if (source / notice).exists():
            shutil.copy(source / notice, target / notice)
    if not (target / "LICENSE").exists():
        (target / "LICENSE").write_text(MIT.format(holder=MIT_HOLDERS[target.name]), "utf-8")


def sprite(folder: Path) -> str:
    """One SVG file with a symbol for each icon."""
    symbols = []
    for name in sorted(ICONS):
        nodes = NODES.findall((folder / f"{name}.svg").read_text("utf-8"))
        body = "".join(re.sub(r"\s+/>", "/>", node) for node in nodes if BLANK not in node)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'.format("\n".join(symbols))


# -- colours ----------------------------------------------------------------
LIGHT, DARK = 0, 1
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) (?:([\d.]+)deg|none)\)")
OKLCH_IN_URL = re.compile(r"oklch%28([\d.]+)%25 ([\d.]+) ([\d.]+)deg%29")
OPACITY = re.compile(
    r"color-mix\(in oklab,\s*(var\(--tblr-[a-z0-9-]+\)|#[0-9a-f]{6}) "
    r"calc\(var\(--tblr-[a-z-]*opacity(?:,\s*1)?\) \* 100%\),\s*transparent\)"
)
MIX = re.compile(
    r"color-mix\(in oklab,\s*([^,()]+?|var\(--tblr-[a-z0-9-]+\)) ([\d.]+)%,"
    r"\s*([^,()]+?|var\(--tblr-[a-z0-9-]+\))\)"
)
SHADE = re.compile(r"oklch\(from var\((--tblr-[a-z0-9-]+)\) calc\(l ([+-]) ([\d.]+)\) c h\)")
SHADOW = re.compile(r"color-mix\(in oklab,\s*var\(--tblr-shadow-color\) ([\d.]+)%,\s*transparent\)")
SHADOW_ALPHA = 0.4
ROOT_COLOUR = re.compile(r"(--tblr-[a-z0-9-]+):\s*(#[0-9a-f]{3,8})(?=[;}])")
ACCENT = "#1d5a9e"


def plain_colours(css: str) -> str:
    """`css` in colours that a browser of 2021 knows: the light theme's, worked out here."""
    return worked_out(one_theme(css, LIGHT), {})


def dark_colours(css: str) -> str:
    """What the dark theme says otherwise than the light one: a sheet to be loaded after it."""
    rules = [
        f"{prelude}{{{';'.join(part for part in body.split(';') if 'light-dark(' in part)}}}"
        for prelude, body in RULE.findall(css)
        if "light-dark(" in body
    ]
    light = dict(ROOT_COLOUR.findall(root_of(plain_colours(css))))
    return worked_out(one_theme("\n".join(rules), DARK), light) + "\n"


def worked_out(css: str, known: dict[str, str]) -> str:
    """`css` with every colour function worked out; `known` are colours from elsewhere."""
    css = OKLCH.sub(hex_of_oklch, css)
    css = OKLCH_IN_URL.sub(lambda m: hex_of_oklch(m).replace("#", "%23"), css)
    css = re.sub(r"(--tblr-primary):#[0-9a-f]{6}", rf"\1:{ACCENT}", css)
    css = SHADOW.sub(lambda m: f"rgba(18,18,23,{float(m[1]) / 100 * SHADOW_ALPHA:.3g})", css)
    css = OPACITY.sub(r"\1", css)
    known = known | dict(ROOT_COLOUR.findall(root_of(css)))
    css = SHADE.sub(lambda m: shaded(m, known), css)
    for _ in range(3):  # a mix of a mix
        css = MIX.sub(lambda m: mixed(m, known), css)
    return OPACITY.sub(r"\1", css)


def root_of(css: str) -> str:
    return "".join(re.findall(r"(?:^|})[^{}]*:root[^{}]*\{([^{}]*)\}", css))


def one_theme(css: str, theme: int) -> str:
    """Replace each light-dark(A, B) by A or by B, brackets counted."""
    while (start := css.find("light-dark(")) >= 0:
        depth, comma, at = 1, 0, start + len("light-dark(")
        first = at
        while depth:
            depth += {"(": 1, ")": -1}.get(css[at], 0)
            if css[at] == "," and depth == 1 and not comma:
                comma = at
            at += 1
        parts = css[first:comma], css[comma + 1 : at - 1]
        css = css[:start] + parts[theme].strip() + css[at:]
    return css


def mixed(match: re.Match[str], known: dict[str, str]) -> str:
    """The colour of one color-mix(), or the same text where a part is set by the component."""
    one, share, other = match.group(1).strip(), float(match.group(2)) / 100, match.group(3).strip()
    first, second = (colour(part, known) for part in (one, other))
    if first is None or second is None:
        return match.group(0)
    if second == "transparent":
        r, g, b = rgb(first)
        return f"rgba({r},{g},{b},{share:g})"
    pair = zip(rgb_to_oklab(rgb(first)), rgb_to_oklab(rgb(second)), strict=True)
    return to_hex(tuple(a * share + b * (1 - share) for a, b in pair))


def shaded(match: re.Match[str], known: dict[str, str]) -> str:
    """A known colour with more or less lightness; else the colour itself."""
    name, sign, step = match.groups()
    if name not in known:
        return f"var({name})"
    lightness, a, b = rgb_to_oklab(rgb(known[name]))
    return to_hex((lightness + float(sign + step), a, b))


def colour(text: str, known: dict[str, str]) -> str | None:
    if text.startswith("var("):
        return known.get(text[4:-1])
    if text in ("transparent", "white", "black"):
        return {"white": "#ffffff", "black": "#000000"}.get(text, text)
    return text if re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", text) else None


def rgb(text: str) -> tuple[int, int, int]:
    digits = text[1:] if len(text) == 7 else "".join(c * 2 for c in text[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def hex_of_oklch(match: re.Match[str]) -> str:
    return to_hex(oklch_to_oklab(*(float(part or 0) for part in match.groups())))


def oklch_to_oklab(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    angle = math.radians(hue)
    return lightness / 100, chroma * math.cos(angle), chroma * math.sin(angle)


def rgb_to_oklab(channels: tuple[int, int, int]) -> tuple[float, float, float]:
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels)
    )
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def to_hex(lab: tuple[float, ...]) -> str:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{channel(value):02x}" for value in linear)


def channel(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(curved * 255)


if __name__ == "__main__":
    main()
