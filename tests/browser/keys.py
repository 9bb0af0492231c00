"""A person at the keyboard: no mouse, and the place where one is must be seen at every step."""

from __future__ import annotations

SHOWS_FOCUS = """() => {
    const here = document.activeElement;
    // A chip's box is drawn by the label beside it.
    return [here, here.nextElementSibling].filter(Boolean).some((place) => {
        const look = getComputedStyle(place);
        const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
        return outlined || look.boxShadow !== "none";
    });
}"""
IN_SIGHT = """async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const here = document.activeElement;
    const box = here.getBoundingClientRect();
    const middle = box.left + Math.min(box.width, innerWidth) / 2;
    const seen = document.elementFromPoint(middle, box.top + Math.min(box.height, 40) / 2);
    const bars = ".top-bar, .bottom-bar, .log-buttons";
    const bar = seen && seen.closest(bars);
    if (box.bottom > 0 && box.top < innerHeight && (!bar || bar.contains(here))) return "";
    return `${box.top} to ${box.bottom} of ${innerHeight}, below ${bar && bar.className}`;
}"""
"""Empty, or what is wrong: outside the window, or below what stays in place on the screen."""
NAMED = """([selector, words]) => {
    const here = document.activeElement;
    return here.matches(selector) && (here.textContent || "").includes(words);
}"""
WHERE = """() => {
    const here = document.activeElement;
    const words = (here.textContent || "").trim().slice(0, 20);
    return [here.tagName, here.id, here.name || "", words].join(" ");
}"""
LONGEST_WAY = 150
"""Steps of Tab to anything on a page."""


class Keys:
    """Goes about a page with `page.keyboard` alone, and looks at the focus at each step."""

    def __init__(self, page) -> None:
        self.page, self.steps = page, 0
        page.emulate_media(reduced_motion="reduce")  # what scrolls smoothly is in sight later

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def retype(self, text: str) -> None:
        self.press("Control+a")
        self.type(text)

    def is_on(self, selector: str, words: str = "") -> bool:
        self.page.wait_for_load_state()
        return self.page.evaluate(NAMED, [selector, words])

    def where(self) -> str:
        return self.page.evaluate(WHERE)

    def tab(self, key: str = "Tab") -> None:
        """One step; wherever it leads is marked and in sight, unless it has left the page."""
        self.press(key)
        self.steps += 1
        if not self.is_on("body"):
            self.look()

    def look(self) -> None:
        assert self.page.evaluate(SHOWS_FOCUS), f"the focus is not seen on: {self.where()}"
        hidden = self.page.evaluate(IN_SIGHT)
        assert not hidden, f"out of sight: {self.where()} {hidden}"

    def go_to(self, selector: str, words: str = "") -> None:
        """Tab on until there."""
        for _ in range(LONGEST_WAY):
            if self.is_on(selector, words):
                return
            self.tab()
        raise AssertionError(f"{LONGEST_WAY} steps do not lead to {selector} {words}")

    def follow(self, selector: str, words: str = "", *, to: str) -> None:
        """Tab to a link or button and press Enter; wait until the page that it leads to stands."""
        self.go_to(selector, words)
        self.press("Enter")
        self.page.wait_for_url(to)
        self.page.wait_for_load_state("networkidle")

    def skip_to_content(self) -> None:
        """The first step of a page offers to pass by its head; the next one is in the content."""
        self.tab()
        assert self.is_on(".skip-link")
        self.press("Enter")
        assert self.is_on("main#main")
        self.tab()
        assert self.page.evaluate("document.activeElement.closest('main') !== null"), self.where()

    def sign_in(self, user, password: str) -> None:
        self.go_to("[name=username]")
        self.type(user.username)
        self.tab()
        assert self.is_on("[name=password]")
        self.type(password)
        self.press("Enter")
        self.page.wait_for_url(lambda address: "/sign-in/" not in address)
        self.page.wait_for_load_state("networkidle")

    def walk_round(self) -> int:
        """Through everything on the page and out again at its end; how many steps it took."""
        self.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        for step in range(1, 4 * LONGEST_WAY):
            self.tab()
            if step > 1 and self.is_on("body, .skip-link"):
                return step
        raise AssertionError(f"no way out: {self.where()}")
