"""The frame of the pages, drawn once: `{% kept %}` keeps what a page has in common with others.

    {% kept "top" frame holes csrf_token own_address %} … {{ own_address }} … {% endkept %}

The text between is drawn once for each value of `frame` in this process. The variables named after
`holes` are of one request (a token, an address, a name): they are left open in what is kept, and
filled in each time. Nothing between may branch on them, or on anything that `frame` does not tell.
"""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from assessment.shelf import Shelf

register = template.Library()

FRAMES_KEPT = 1_000
"""Each of some kilobytes: languages × pages × what a role may do × looks."""
EDGE = f"hole{secrets.token_hex(8)}"
"""Stands round the name of a hole while it is drawn; nobody can guess it."""

frames: Shelf[list[str]] = Shelf(FRAMES_KEPT)


class KeptNode(template.Node):
    """Draws its inside once for each key, with holes for what is of one request."""

    def __init__(
        self, nodelist: NodeList, name: str, key: FilterExpression, holes: list[str]
    ) -> None:
        self.nodelist = nodelist
        self.name = name
        self.key = key
        self.holes = holes

    def render(self, context: Context) -> SafeString:
        frame = self.key.resolve(context)
        key = (self.name, frame)
        is_kept = bool(frame) and not settings.DEBUG  # an error page may know of no frame
        parts = frames.get(key) if is_kept else None
        if parts is None:
            parts = self.draw(context)
            if is_kept:
                frames.put(key, parts)
        filled = {name: conditional_escape(context.get(name, "")) for name in self.holes}
        # Every second part is the name of a hole.
        text = [filled[part] if index % 2 else part for index, part in enumerate(parts)]
        return mark_safe("".join(text))  # noqa: S308  (drawn by a template, holes escaped)

    def draw(self, context: Context) -> list[str]:
        open_holes: dict[str, Any] = {name: f"{EDGE}{name}{EDGE}" for name in self.holes}
        with context.push(**open_holes):
            return self.nodelist.render(context).split(EDGE)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept "name" key [holes one another …] %}` … `{% endkept %}`."""
    _tag, name, key, *rest = token.split_contents()
    if rest and rest[0] != "holes":
        raise template.TemplateSyntaxError("After the key of {% kept %} comes “holes”, or nothing.")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, name.strip("\"'"), parser.compile_filter(key), rest[1:])
