"""The dashboard in a browser: by keyboard alone, without scripts, and within its budget."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessment.months import fill
from assessment.verdicts import refresh
from organizations.models import Unit
from tests.browser.conftest import DESK, PHONE, is_within_window, session_of
from tests.factories import ActivityFactory, AppointmentFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = 300_000
"""Bytes of a first view over the wire, compressed."""
WITH_CHARTS = 600_000
"""The same where charts are drawn: the library for it is half of that."""
LARGEST_PAINT = 2_500
"""Milliseconds until the largest part stands, on a machine that is busy with tests."""
SENT = """() => performance.getEntriesByType("navigation")
    .concat(performance.getEntriesByType("resource"))
    .map((entry) => [entry.name, entry.transferSize, entry.decodedBodySize])"""
OBSERVE = """() => {
    window.shift = 0; window.painted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        if (!entry.hadRecentInput) window.shift += entry.value;
    })).observe({type: "layout-shift", buffered: true});
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        window.painted = entry.startTime;
    })).observe({type: "largest-contentful-paint", buffered: true});
}"""


@pytest.fixture
def filled(county, community, neighbour):
    for unit in (community, neighbour):
        MemberFactory(unit=unit)
        ActivityFactory(unit=unit, on=timezone.localdate() - timedelta(days=40), submitted=True)
    AppointmentFactory(unit=neighbour, begun_on=date(2015, 1, 1))
    refresh(Unit.objects.all())
    fill([county], timezone.localdate(), seconds=60)
    return community


def test_whom_to_call_and_why_is_found_by_keyboard_alone(open_page, organizer, neighbour, filled):
    page = open_page("/", user=organizer)

    focus_on(page, lambda: page.evaluate("document.activeElement.pathname") == "/dashboard/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/")
    name = page.locator(".call-name").first.inner_text()
    focus_on(page, lambda: page.evaluate("document.activeElement.className") == "call-name")
    assert page.evaluate("document.activeElement.textContent") == name == neighbour.name
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/assessment/units/*/rotation-training/**")
    assert "党校轮训" in page.locator("h1").inner_text()


def focus_on(page, found):
    for _ in range(60):
        page.keyboard.press("Tab")
        if found():
            return
    raise AssertionError("sixty steps do not lead there")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_charts_are_drawn_and_their_tables_open(open_page, organizer, filled, size):
    page = open_page("/dashboard/trend/", user=organizer, size=size)
    page.wait_for_selector("[data-chart] canvas")

    drawn = page.locator("[data-chart] canvas").count()
    page.locator(".chart-table summary").first.click()

    assert drawn == page.locator("[data-chart]").count() >= 6
    assert page.locator(".tree-tile").count() >= 2
    assert page.locator(".chart-table table").first.is_visible()
    assert is_within_window(page)


def test_without_scripts_there_are_the_tables(open_page, organizer, filled):
    page = open_page("/dashboard/trend/", user=organizer, script=False)

    page.locator(".chart-table summary").first.click()

    assert not page.locator("[data-chart]").first.is_visible()
    assert page.locator(".chart-table table").first.is_visible()


@pytest.mark.parametrize("address", ["/", "/dashboard/", "/dashboard/trend/"])
def test_the_first_view_keeps_its_budget(chromium, real_server, organizer, filled, address):
    """By the browser's own account, from the portal as a county runs it, with nothing in store."""
    context = chromium.new_context(base_url=real_server, viewport=DESK)
    context.add_cookies([session_of(organizer, real_server)])
    context.request.get(address)  # a server that has just started has templates to read first
    page = context.new_page()
    page.add_init_script(f"({OBSERVE})()")

    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    sent = page.evaluate(SENT)
    shift, painted = page.evaluate("[window.shift, window.painted]")
    context.close()

    over_the_wire = sum(size for _name, size, _whole in sent)
    print(address, over_the_wire, "bytes,", round(painted), "ms,", shift)  # noqa: T201
    assert 0 < over_the_wire < (WITH_CHARTS if "trend" in address else BUDGET), sent
    assert not [name for name, size, whole in sent if whole > 2_000 and size > 0.6 * whole]
    assert shift < 0.02
    assert 0 < painted < LARGEST_PAINT
    assert any("echarts" in name for name, _size, _whole in sent) == ("trend" in address)
