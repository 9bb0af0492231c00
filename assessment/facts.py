"""From rows to facts: the only place where the rules meet the database.

The number of queries depends on what the rules measure, never on how many units or persons.
"""

from __future__ import annotations

from assessment import thing_facts, unit_facts
from assessment.census import Census
from assessment.crowd_facts import CrowdLoader
from assessment.periods import Period
from assessment.person_facts import PersonLoader
from assessment.question import Question
from assessment.terms import Facts


def load_facts(question: Question, census: Census | None = None) -> dict[int, Facts]:
    """The facts of each unit, by its key; with a census, people alike are told as one crowd."""
    if census is None:
        loader = PersonLoader(question)
    else:
        loader = CrowdLoader(question, census.of(question.units))
    loader.load()
    persons, members = loader.facts()
    records = unit_facts.records_of_year(question)
    history = unit_facts.records_of_all_time(question)
    things = thing_facts.things(question)
    baselines = unit_facts.baselines(question)
    areas = unit_facts.areas(question)
    answers = thing_facts.answers(question)
    return {
        pk: Facts(
            code=row.code,
            kind=row.kind,
            existed=Period.spell(row.established_on, row.dissolved_on),
            records=tuple(records.get(pk, ())),
            history=tuple(history.get(pk, ())),
            things=tuple(things.get(pk, ())),
            members=members.get(pk, ()),
            persons=persons.get(pk, ()),
            baselines=baselines.get(pk, {}),
            areas=tuple(areas.get(pk, ())),
            answers=answers.get(pk, {}),
        )
        for pk, row in question.units.items()
    }
