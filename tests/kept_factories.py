"""Factories of what units keep: ratings, units based there, services, undertakings."""

from __future__ import annotations

import factory

from activities.choices import Benefit
from activities.models import Undertaking
from organizations.choices import (
    FacilityKind,
    RatingAnswer,
    ResidentKind,
    ServiceKind,
    ServicePrice,
)
from organizations.models import Facility, Rating, RatingPage, ResidentUnit, Service
from tests.factories import CommunityFactory, ModelFactory


class RatingPageFactory(ModelFactory):
    """An open page."""

    class Meta:
        model = RatingPage

    unit = factory.SubFactory(CommunityFactory)
    token = factory.Sequence("token{}".format)


class RatingFactory(ModelFactory):
    class Meta:
        model = Rating

    unit = factory.SubFactory(CommunityFactory)
    year = 2026
    answer = RatingAnswer.GOOD
    device = factory.Sequence("device{}".format)


class ResidentUnitFactory(ModelFactory):
    class Meta:
        model = ResidentUnit

    unit = factory.SubFactory(CommunityFactory)
    name = factory.Sequence("测试第{}小学".format)
    kind = ResidentKind.SCHOOL


class ServiceFactory(ModelFactory):
    class Meta:
        model = Service

    unit = factory.SubFactory(CommunityFactory)
    name = "便民服务点"
    kind = ServiceKind.HEALTH
    price = ServicePrice.FREE


class FacilityFactory(ModelFactory):
    class Meta:
        model = Facility

    unit = factory.SubFactory(CommunityFactory)
    name = "党员书屋"
    kind = FacilityKind.READING_ROOM


class UndertakingFactory(ModelFactory):
    class Meta:
        model = Undertaking

    unit = factory.SubFactory(CommunityFactory)
    year = 2026
    goal = Benefit.SAFE
    text = factory.Sequence("为第{}个单元装上楼道灯".format)
