"""Figures and lists as short as people say them."""

from decimal import Decimal

import pytest
from django.utils import translation

from assessment.phrases import fraction
from organizations.wording import listed


@pytest.mark.parametrize(
    ("value", "target", "told"), [("4", "0", "4"), ("2.50", "6", "2.5/6"), ("0", "1", "0/1")]
)
def test_where_nothing_is_to_be_reached_the_value_stands_alone(value, target, told):
    assert fraction(Decimal(value), Decimal(target)) == told


@pytest.mark.parametrize(("language", "told"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")])
def test_words_are_set_apart_as_the_language_does(language, told):
    with translation.override(language):
        assert listed(["甲", "乙"]) == told
