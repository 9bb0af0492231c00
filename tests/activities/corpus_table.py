"""What the import makes of each file of the corpus: the records, then what it tells.

A record: when, its kinds, topic, days, how many were there and on leave, state. A finding: row,
heading, code. Wrong rows are left out, the good ones taken.
"""

from __future__ import annotations

CORPUS: dict[str, list[str]] = {
    "biff8.xls": [
        "2026-03-03 14:30–15:30 支部党员大会《三月支部大会》0.13天 到0假0 submitted",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
    ],
    "end-before-start-and-across-the-year.xlsx": [
        "2026-03-10 20:00–00:00 党员学习教育《到半夜》0.50天 到2假0 submitted",
        "2 结束时间: entry",
        "3 结束时间: entry",
    ],
    "everybody-but-one.xlsx": [
        "2026-03-10 09:00–11:00 党员学习教育《学习党章》0.25天 到3假1 submitted",
    ],
    "from-when-to-when-in-one-cell.xlsx": [
        "2026-03-03 14:30–16:30 支部党员大会《会议1》0.25天 到0假0 submitted",
        "2026-03-04 14:30–16:30 支部党员大会《会议2》0.25天 到0假0 submitted",
        "2026-03-05 14:30–17:00 支部党员大会《会议3》0.31天 到0假0 submitted",
        "2 实到人数: names_missing",
        "3 实到人数: names_missing",
        "4 实到人数: names_missing",
    ],
    "gb18030.csv": [
        "2026-03-10 09:00–11:00 党员学习教育《学习党章》0.25天 到2假0 submitted",
    ],
    "length-in-hours.csv": [
        "2026-03-06 15:00–16:30 党课《党课：学习条例》0.19天 到0假0 submitted",
    ],
    "length-that-is-none.csv": [
        "2 时长（分钟）: length_form",
        "3 时长（分钟）: length_form",
    ],
    "light.xlsx": [
        "2026-03-06 15:00–16:30 党课《党课：学习条例》0.19天 到0假0 submitted",
        "2026-03-07 09:00–10:30 主题党日《主题党日活动》0.19天 到0假0 submitted",
        "2026-03-08 09:00–11:00 党课《上党课》0.25天 到0假0 submitted",
        "5 活动类型: required",
        "4 实际时间: start_assumed",
    ],
    "names-beside-numbers.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《三月支部大会》0.13天 到3假1 submitted",
        "2026-03-03 14:30–15:30 支部党员大会《另一次》0.13天 到2假1 submitted",
        "2 实际会议时间: length_assumed",
        "3 实际会议时间: length_assumed",
        "3 实到人数: number_differs",
        "3 应到人数: numbers_exceed",
    ],
    "no-headings.xlsx": [
        "headings_missing",
    ],
    "numbers-that-are-none.xlsx": [
        "2 应到人数: number_form",
        "2 实到人数: number_form",
        "2 请假人数: number_form",
        "2 实际会议时间: length_assumed",
    ],
    "people-joined-in-every-way.xlsx": [
        "2026-03-10 09:00–11:00 党员学习教育《学习1》0.25天 到2假0 submitted",
        "2026-03-10 09:00–11:00 党员学习教育《学习2》0.25天 到2假0 submitted",
        "2026-03-10 09:00–11:00 党员学习教育《学习3》0.25天 到2假0 submitted",
        "2026-03-10 09:00–11:00 党员学习教育《学习4》0.25天 到2假0 submitted",
        "2026-03-10 09:00–11:00 党员学习教育《学习5》0.25天 到2假0 submitted",
    ],
    "people-who-are-not-there.xlsx": [
        "2 参加人员: person_unknown",
        "3 参加人员: person_twice",
    ],
    "planned-and-never-held.xlsx": [
        "2026-03-02 14:00–15:00 支部党员大会《三月支部大会》0.13天 到0假0 draft",
        "2 计划会议时间: only_planned",
        "2 实际会议时间: length_assumed",
    ],
    "short-words-for-kinds.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《会议1》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 支部委员会《会议2》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 党小组会《会议3》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 党课、支部党员大会《会议4》0.13天 到0假0 submitted",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
        "3 实际会议时间: length_assumed",
        "3 实到人数: names_missing",
        "4 实际会议时间: length_assumed",
        "4 实到人数: names_missing",
        "5 实际会议时间: length_assumed",
        "5 实到人数: names_missing",
    ],
    "template-with-its-example.xlsx": [
        "2026-03-11 09:00–11:00 党员学习教育《真的一次》0.25天 到4假0 submitted",
        "2 主题: example_row",
    ],
    "the-same-meeting-twice.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《三月支部大会》0.13天 到0假0 submitted",
        "3 主题: duplicate_row",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
        "3 实际会议时间: length_assumed",
        "3 实到人数: names_missing",
    ],
    "themed-days.xlsx": [
        "2026-03-05 09:00–10:00 主题党日《清洁家园》0.13天 到0假0 submitted",
        "2026-03-06 09:00–10:00 主题党日《学雷锋》0.13天 到0假0 submitted",
        "2 实际时间: length_assumed",
        "2 实到人数: names_missing",
        "3 实际时间: length_assumed",
        "3 实到人数: names_missing",
    ],
    "three-meetings.xlsx": [
        "2026-03-03 14:30–15:30 党小组会《三月党小组会》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 党课《三月党课》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 支部党员大会《三月支部党员大会》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 支部委员会《三月支部委员会》0.13天 到0假0 submitted",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
        "3 实际会议时间: length_assumed",
        "3 实到人数: names_missing",
        "4 实际会议时间: length_assumed",
        "4 实到人数: names_missing",
        "5 实际会议时间: length_assumed",
        "5 实到人数: names_missing",
    ],
    "time-with-two-spaces.xlsx": [
        "2019-02-03 14:30–15:30 支部党员大会《三月支部大会》0.13天 到0假0 submitted",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
    ],
    "times-as-real-dates.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《三月支部大会》0.13天 到0假0 submitted",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
    ],
    "title-above-and-signatures-below.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《三月支部大会》0.13天 到0假0 submitted",
        "5 : line_passed",
        "4 实际会议时间: length_assumed",
        "4 实到人数: names_missing",
    ],
    "unit-by-name.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《会议1》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 支部党员大会《会议2》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 支部党员大会《会议3》0.13天 到0假0 submitted",
        "2026-03-03 14:30–15:30 支部党员大会《会议4》0.13天 到0假0 submitted",
        "6 所在党支部: unit_unknown",
        "2 实际会议时间: length_assumed",
        "2 实到人数: names_missing",
        "3 实际会议时间: length_assumed",
        "3 实到人数: names_missing",
        "4 实际会议时间: length_assumed",
        "4 实到人数: names_missing",
        "5 实际会议时间: length_assumed",
        "5 实到人数: names_missing",
        "6 实际会议时间: length_assumed",
    ],
    "unknown-kind.xlsx": [
        "2026-03-03 14:30–15:30 支部党员大会《好的一行》0.13天 到0假0 submitted",
        "2 会议类型: kind_unknown",
        "2 实际会议时间: length_assumed",
        "3 实际会议时间: length_assumed",
        "3 实到人数: names_missing",
    ],
}
