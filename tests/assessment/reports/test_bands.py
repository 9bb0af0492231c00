"""Into which column of the statistics the words of the national lists fall."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.reports.bands import (
    OCCUPATIONS,
    Member,
    by_age,
    by_education,
    by_joining,
    by_occupation,
)

ON = date(2026, 11, 25)


def member(**facts):
    usual = {
        "is_full": True,
        "sex": "male",
        "ethnicity": "汉族",
        "birth_date": None,
        "education": "",
        "occupation": "",
        "joined_on": None,
    }
    return Member(**(usual | facts))


@pytest.mark.parametrize(
    ("group", "posts"),
    [
        ("officials", "公务员 参照公务员法管理的工作人员"),
        ("managers", "事业单位管理岗位 公有经济控制企业管理岗位 民办非企业单位管理岗位"),
        ("professionals", "事业单位专业技术岗位 非公有经济控制企业专业技术岗位 乡村医生"),
        ("workers", "事业单位工勤岗位 机关单位工勤岗位 公有经济控制单位工勤岗位 内部退养职工"),
        ("farmers", "农牧渔业生产人员 外出务工经商人员 其他农牧渔民"),
        ("military", "解放军、武警"),
        ("students", "本科毕业年级学生 中等专业学校学生 高中学生 技工学校学生"),
        ("retired", "离休干部 退休人员 退职人员"),
        (
            "other",
            "大学生村官 社区工作人员 停薪留职人员 自由职业人员 其他从业人员 其他无业人员 "
            "（转业）待安置、学生毕业未就业的人员 公派或因私出国、出境逾期未归的人员",
        ),
    ],
)
def test_the_posts_of_the_national_list_fall_into_its_groups(group, posts):
    assert {by_occupation(member(occupation=post), ON) for post in posts.split()} == {group}
    assert group in {*(name for name, _heading, _words in OCCUPATIONS), "other"}


@pytest.mark.parametrize(
    ("group", "levels"),
    [
        ("graduate", "博士研究生 硕士研究生 硕士生班 中央党校研究生 省（区、市）委党校研究生"),
        ("college", "大学 大学本科 大学普通班 第二学士学位班 中央党校大学 省（区、市）委党校大学"),
        ("junior", "大专 大学专科 中央党校大专 省（区、市）委党校大专"),
        ("secondary", "中等专科 中专 职业高中 技工学校"),
        ("high", "普通高中 高中"),
        ("lower", "初中 小学 文盲"),
        ("other", "其他"),
    ],
)
def test_the_levels_of_education_of_the_national_list_fall_into_its_groups(group, levels):
    assert {by_education(member(education=level), ON) for level in levels.split()} == {group}


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(1995, 11, 25), "a35"),  # turns 31 on the day
        (date(1995, 11, 26), "a30"),
        (date(1955, 11, 25), "older"),
        (date(1955, 11, 26), "a70"),
    ],
)
def test_an_age_is_of_whole_years_on_the_day(born, group):
    assert by_age(member(birth_date=born), ON) == group


def test_a_congress_divides_on_its_first_day():
    days = (date(2012, 11, 7), date(2012, 11, 8), date(1949, 10, 1), None)
    groups = [by_joining(member(joined_on=day), ON) for day in days]
    assert groups == ["to_2012", "since_2012", "to_1978", "unrecorded"]
