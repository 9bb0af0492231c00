"""A strict reader of iCalendar files (RFC 5545): refuses what calendar programs stumble on."""

from __future__ import annotations

import re

LINE = re.compile(r"(?P<name>[A-Z][A-Z0-9-]*)(?P<params>(?:;[A-Z0-9-]+=[^;:,\"]+)*):(?P<value>.*)")
LONGEST = 75
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "X-WR-CALNAME"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"}
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[;,]|(?<!\\)(?:\\\\)*\\(?![\\;,nN])")
MOMENT = re.compile(r"\d{8}T\d{6}Z?")


def unfolded(content: bytes) -> list[str]:
    """The content lines; each ends in CRLF and none is longer than 75 octets."""
    assert content.endswith(b"\r\n")
    raw = content.split(b"\r\n")[:-1]
    assert not any(b"\n" in line or b"\r" in line for line in raw)
    lines: list[bytes] = []
    for line in raw:
        assert 0 < len(line) <= LONGEST, line
        line.decode("utf-8")  # a fold inside a character would break it
        if line[:1] in (b" ", b"\t"):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode("utf-8") for line in lines]


def parse(content: bytes) -> dict[str, list[dict[str, list[tuple[str, str]]]]]:
    """Components by their name, each property with its parameters and value."""
    found: dict[str, list[dict[str, list[tuple[str, str]]]]] = {}
    way: list[tuple[str, dict[str, list[tuple[str, str]]]]] = []
    lines = unfolded(content)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    for line in lines:
        match = LINE.fullmatch(line)
        assert match, line
        name, params, value = match["name"], match["params"], match["value"]
        if name == "BEGIN":
            way.append((value, {}))
        elif name == "END":
            ended, properties = way.pop()
            assert ended == value
            found.setdefault(value, []).append(properties)
        else:
            if name in TEXTS:
                assert not UNESCAPED.search(value), line
            way[-1][1].setdefault(name, []).append((params, value))
    assert not way
    check(found)
    return found


def check(found: dict[str, list[dict[str, list[tuple[str, str]]]]]) -> None:
    """What must be there, and be there once."""
    (calendar,) = found["VCALENDAR"]
    assert [value for _params, value in calendar["VERSION"]] == ["2.0"]
    assert len(calendar["PRODID"]) == 1
    zones = {zone["TZID"][0][1] for zone in found["VTIMEZONE"]}
    for standard in found["STANDARD"]:
        assert {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} <= standard.keys()
    uids = []
    for event in found.get("VEVENT", []):
        assert {name: len(event[name]) for name in ONCE} == dict.fromkeys(ONCE, 1)
        assert event["DTSTAMP"][0][1].endswith("Z")
        for name in ("DTSTART", "DTEND"):
            params, value = event[name][0]
            if params == ";VALUE=DATE":
                assert re.fullmatch(r"\d{8}", value)
                continue
            assert MOMENT.fullmatch(value)
            assert params == f";TZID={next(iter(zones))}"
        assert event["DTEND"][0][1] > event["DTSTART"][0][1]
        uids.append(event["UID"][0][1])
    assert len(set(uids)) == len(uids)


def text(event: dict[str, list[tuple[str, str]]], name: str) -> str:
    """A text as it was before it was escaped."""
    value = event[name][0][1]
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
