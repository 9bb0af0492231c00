"""What the portal notices about the demo: something in a late unit, nothing in exemplary ones."""

from collections import Counter
from datetime import date, datetime
from random import Random

import pytest
from django.db import transaction

from activities.choices import HintKind
from activities.models import Activity, Attachment, Hint, HintRecord
from assessment.demo import loading, places
from assessment.demo.habits import EXEMPLARY
from assessment.demo.scene import Scene
from assessment.demo.sizes import Size
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 16)
SMALL = Size("honghuagang_units.csv", streets=3, people=16, months=24)


def test_exemplary_units_give_no_cause_for_a_hint_and_a_late_one_does(time_machine):
    time_machine.move_to(datetime(2026, 9, 16, 10, tzinfo=SHANGHAI))
    (rows,) = places.read(SMALL)
    scene = Scene(dice=Random("1"), start=SMALL.start(ON), today=ON, people_each=16)
    with transaction.atomic():
        loading._make_county(scene, rows)
    exemplary = {code for code, habits in scene.habits.items() if habits is EXEMPLARY}

    noticed = Counter(
        HintRecord.objects.filter(activity__unit__code__in=exemplary).values_list(
            "hint__kind", flat=True
        )
    )

    assert len(exemplary) > 5
    assert Activity.objects.filter(unit__code__in=exemplary).count() > 200
    assert noticed == {}
    found = set(Hint.objects.values_list("kind", flat=True))
    assert found >= {HintKind.SAME_PHOTO, HintKind.SAME_MINUTES, HintKind.LATE}
    assert found <= {HintKind.SAME_PHOTO, HintKind.SAME_MINUTES, HintKind.LATE}
    assert Attachment.objects.kept().count() == 4
