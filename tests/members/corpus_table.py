"""What the import makes of each spreadsheet of the corpus (made by `python -m scripts.corpus`)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Made:
    """What comes of a file.

    `values` are given where a row's person differs from the usual one (see test_corpus.py): by row
    and field, None for nothing read, CLEARED for what the file says is to go. What there is to tell
    is "row, heading, code".
    """

    rows: tuple[int, ...] = (2, 3)
    values: dict[int, dict[str, str | None]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def good(self) -> int:
        """How many rows have no error."""
        return len(set(map(str, self.rows)) - {error.split()[0] for error in self.errors})


NOT_IN_FILE = dict.fromkeys(["sex", "ethnicity", "birth_date", "education", "joined_on", "phone"])

CORPUS: dict[str, Made] = {
    "id-number-as-number.xlsx": Made(
        values={2: {"id_number": None}},
        errors=["2 公民身份号码 id_number_precision"],
    ),
    "id-number-in-powers.csv": Made(
        values={2: {"id_number": None}},
        errors=["2 公民身份号码 id_number_precision"],
    ),
    "id-number-spellings.xlsx": Made(
        rows=(2, 3, 4, 5, 6),
        values={6: {"id_number": "52039919800512101X"}},
    ),
    "id-number-of-15.xlsx": Made(
        warnings=["2 公民身份号码 id_number_from_15", "3 公民身份号码 id_number_from_15"],
    ),
    "id-number-wrong.xlsx": Made(
        rows=(2, 3, 4),
        values={2: {"id_number": None}, 3: {"id_number": None}, 4: {"id_number": None}},
        errors=[
            "2 公民身份号码 id_number_check",
            "3 公民身份号码 id_number_form",
            "4 公民身份号码 id_number_birth",
        ],
    ),
    "id-number-contradicts.xlsx": Made(
        values={
            2: {"sex": "female", "birth_date": "1981-05-12"},
            3: {"sex": None, "birth_date": None},
        },
        warnings=["2 性别 sex_differs", "2 出生日期 birth_date_differs"],
    ),
    "without-id-number.xlsx": Made(
        values={2: {"id_number": None}, 3: {"id_number": None, "birth_date": None}},
        errors=["3 公民身份号码 identity_missing"],
        warnings=["2 公民身份号码 no_id_number"],
    ),
    "date-spellings.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
    ),
    "days-missing.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8),
        values={6: {"birth_date": None}, 7: {"joined_on": None}, 8: {"joined_on": None}},
        errors=[
            "6 出生日期 date_month_only",
            "7 加入党组织日期 date_month_only",
            "8 加入党组织日期 date_year_only",
        ],
        warnings=[
            "2 出生日期 birth_date_completed",
            "3 出生日期 birth_date_completed",
            "4 出生日期 birth_date_completed",
            "5 出生日期 birth_date_completed",
        ],
    ),
    "january-or-october.xlsx": Made(
        rows=(2, 3, 4, 5, 6),
        values={
            2: {"id_number": "520399198010120011", "birth_date": "1980-10-12"},
            3: {"id_number": "520399198001120028", "birth_date": "1980-01-12"},
            4: {"birth_date": None},
            5: {"joined_on": None},
            6: {"joined_on": None},
        },
        errors=[
            "4 出生日期 date_january_or_october",
            "5 加入党组织日期 date_january_or_october",
            "6 加入党组织日期 date_month_only",
        ],
        warnings=["2 出生日期 birth_date_completed", "3 出生日期 birth_date_completed"],
    ),
    "ambiguous-dates.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8),
        values={
            2: {"joined_on": None},
            3: {"joined_on": None},
            4: {"joined_on": None},
            5: {"joined_on": None},
            6: {"joined_on": None},
            7: {"joined_on": None},
            8: {"joined_on": None},
        },
        errors=[
            "2 加入党组织日期 date_ambiguous",
            "3 加入党组织日期 date_ambiguous",
            "4 加入党组织日期 date_ambiguous",
            "5 加入党组织日期 date_impossible",
            "6 加入党组织日期 date_range",
            "7 加入党组织日期 date_future",
            "8 加入党组织日期 date_form",
        ],
    ),
    "two-dates-in-a-cell.xlsx": Made(
        values={2: {"joined_on": None}, 3: {"joined_on": None}},
        errors=["2 加入党组织日期 date_two", "3 加入党组织日期 date_two"],
    ),
    "dates-in-words.xlsx": Made(
        rows=(2, 3, 4),
        values={3: {"joined_on": "2005-12-31"}, 4: {"joined_on": None}},
        errors=["4 加入党组织日期 date_month_only"],
        warnings=["2 加入党组织日期 date_in_words", "3 加入党组织日期 date_in_words"],
    ),
    "names.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8, 9, 10),
        values={
            2: {"name": "张三"},
            3: {"name": "张三"},
            4: {"name": "欧阳小明"},
            5: {"name": "阿依·古丽"},
            6: {"name": "阿依·古丽"},
            7: {"name": "阿依·古丽"},
            8: {"name": "𠮷田镕"},
            9: {"name": None},
            10: {"name": None},
        },
        errors=["9 姓名 name", "10 姓名 control_character"],
    ),
    "ethnicities.xlsx": Made(
        rows=(2, 3, 4, 5, 6),
        values={
            2: {"ethnicity": "汉族"},
            3: {"ethnicity": "布依族"},
            4: {"ethnicity": "穿青人"},
            5: {"ethnicity": None},
            6: {"ethnicity": "汉族"},
        },
    ),
    "educations.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7),
        values={
            3: {"education": "大专"},
            4: {"education": "中等专科"},
            5: {"education": "研究生"},
            6: {"education": "省（区、市）委党校大学"},
            7: {"education": "初中"},
        },
        warnings=["5 学历 education_not_in_list"],
    ),
    "categories.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8),
        values={
            3: {"stage": "probationary"},
            4: {"stage": "probationary"},
            6: {"stage": "candidate", "joined_on": None},
            7: {"stage": "activist", "joined_on": None},
            8: {"stage": None},
        },
        errors=["8 人员类别 stage"],
        warnings=["5 人员类别 stage_taken_as_full"],
    ),
    "sexes.xlsx": Made(
        rows=(2, 3, 4, 5, 6),
    ),
    "phones.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8, 9, 10),
        values={
            6: {"phone": "0851-28900001"},
            7: {"phone": "0851-28900001-12"},
            8: {"phone": None},
            9: {"phone": None},
        },
        errors=["9 联系电话 phone"],
        warnings=["5 联系电话 phone_two"],
    ),
    "yes-and-no.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        values={
            2: {"is_floating": "True"},
            3: {"is_floating": "True"},
            4: {"is_floating": "True"},
            5: {"is_floating": "True"},
            6: {"is_floating": "True"},
            7: {"is_floating": "False"},
            8: {"is_floating": "False"},
            9: {"is_floating": "False"},
            10: {"is_floating": "False"},
        },
        errors=["12 是否为流动党员 yes_no"],
    ),
    "formulas.xlsx": Made(
        values={2: {"education": None}, 3: {"ethnicity": None}},
        errors=["3 民族 cell_error"],
    ),
    "formulas-never-worked-out.xlsx": Made(
        values={2: {"education": None}},
        errors=["2 学历 formula_uncomputed"],
    ),
    "formula-like-text.csv": Made(
        values={2: {"address": "=cmd|'/c calc'!A1"}, 3: {"address": "@SUM(1)"}},
    ),
    "marks-for-nothing.xlsx": Made(
        rows=(2, 3, 4, 5, 6, 7, 8, 9),
        values={
            2: {"education": None},
            3: {"education": None},
            4: {"education": None},
            5: {"education": None},
            6: {"education": None},
            7: {"education": None},
            8: {"education": None},
            9: {"education": None},
        },
    ),
    "marks-for-clearing.xlsx": Made(
        values={
            2: {"education": "CLEARED", "phone": "CLEARED"},
            3: {"name": None, "joined_on": "CLEARED"},
        },
        errors=["3 姓名 not_clearable"],
    ),
    "notes-in-cells.xlsx": Made(),
    "same-person-twice.xlsx": Made(
        rows=(2, 3, 4),
        values={
            4: {
                "name": "测试员1",
                "id_number": "520399198005120017",
                "education": "大专",
                "phone": "13800000001",
            }
        },
        errors=["2 公民身份号码 duplicate_in_file", "4 公民身份号码 duplicate_in_file"],
    ),
    "days-out-of-order.xlsx": Made(
        rows=(2, 3, 4, 5),
        values={
            2: {"full_on": "2004-07-01"},
            3: {"stage": "probationary"},
            4: {"joined_on": "1995-07-01"},
            5: {"stage": "activist", "joined_on": None},
        },
        errors=["2 转为正式党员日期 full_before_joining"],
        warnings=[
            "3 转为正式党员日期 full_day_ignored",
            "4 加入党组织日期 joined_young",
            "5 加入党组织日期 joined_day_ignored",
        ],
    ),
    "plain.xlsx": Made(),
    "macros.xlsm": Made(),
    "utf-8.csv": Made(),
    "utf-8-bom.csv": Made(),
    "gb18030.csv": Made(
        values={2: {"name": "测𠮷镕"}},
    ),
    "utf-16.txt": Made(),
    "tabs.tsv": Made(),
    "semicolons.csv": Made(),
    "delimiter-line.csv": Made(),
    "wrapped-numbers.csv": Made(),
    "biff8.xls": Made(),
    "spreadsheetml.xls": Made(
        rows=(4, 5),
    ),
    "document-type.xls": Made(
        refused="file_harmful",
    ),
    "web-page.xls": Made(
        rows=(3, 4),
    ),
    "web-page-without-table.xls": Made(
        refused="file_markup",
    ),
    "libreoffice.ods": Made(),
    "libreoffice.xlsx": Made(),
    "libreoffice.xls": Made(),
    "counted-from-1904.xlsx": Made(),
    "locked.xlsx": Made(
        refused="file_locked",
    ),
    "broken-off.xlsx": Made(
        refused="file_damaged",
    ),
    "picture.xlsx": Made(
        refused="file_kind",
    ),
    "empty.xlsx": Made(
        refused="sheet_empty",
    ),
    "title-and-date-line.xlsx": Made(
        rows=(4, 5),
    ),
    "two-rows-of-headings.xlsx": Made(
        rows=(3, 4),
        values={
            3: NOT_IN_FILE | {"floating_to": "广东省东莞市", "is_floating": "True"},
            4: NOT_IN_FILE | {"is_floating": "False"},
        },
        notes=["2 columns_unread"],
    ),
    "two-rows-of-headings.ods": Made(
        rows=(3, 4),
        values={
            3: NOT_IN_FILE | {"floating_to": "广东省东莞市", "is_floating": "True"},
            4: NOT_IN_FILE | {"is_floating": "False"},
        },
        notes=["2 columns_unread"],
    ),
    "blank-columns-and-rows.xlsx": Made(
        rows=(4, 7),
    ),
    "totals-and-signatures.xlsx": Made(
        notes=["4 line_passed", "6 line_passed", "7 line_passed"],
    ),
    "notes-in-the-table.xlsx": Made(
        rows=(5, 6),
        notes=["2 line_passed"],
    ),
    "headings-on-each-page.xlsx": Made(
        rows=(2, 3, 5),
        notes=["1 headings_again"],
    ),
    "numbered-columns.xlsx": Made(
        rows=(3, 4),
        notes=["1 headings_again"],
    ),
    "branch-merged-over-its-members.xlsx": Made(
        rows=(2, 3, 4),
        values={2: {"unit": "第一党支部"}, 3: {"unit": "第一党支部"}, 4: {"unit": "第二党支部"}},
    ),
    "hidden-rows-and-columns.xlsx": Made(
        notes=["1 rows_hidden", "1 columns_hidden"],
    ),
    "several-sheets.xlsx": Made(
        notes=["1 sheets_unread"],
    ),
    "hidden-sheet.xlsx": Made(
        rows=(2,),
        values={2: {"name": "测试员3", "id_number": "520399198005120033", "phone": "13800000003"}},
        notes=["1 sheets_unread"],
    ),
    "thousand-empty-rows.xlsx": Made(),
    "synonyms.xlsx": Made(
        values={2: {"sex": None}, 3: {"sex": None}},
        notes=["1 columns_unread"],
    ),
    "hints-and-line-breaks.xlsx": Made(),
    "standing-holds-categories.xlsx": Made(
        values={3: {"stage": "probationary"}},
    ),
    "standing-holds-standings.xlsx": Made(
        rows=(2, 3, 4),
        values={2: {"standing": "normal"}, 3: {"standing": "suspended"}},
        errors=["4 党籍状态 stage_conflict"],
    ),
    "political-status.xlsx": Made(
        rows=(2, 3, 4),
        values={3: {"stage": "probationary"}, 4: {"stage": None}},
        errors=["4 政治面貌 stage"],
        warnings=["2 政治面貌 stage_taken_as_full"],
    ),
    "branch-at-joining.xlsx": Made(
        rows=(2,),
        values={2: {"unit": "第一党支部"}},
        notes=["1 columns_unread"],
    ),
    "unknown-headings.xlsx": Made(
        refused="headings_proposed 姓名、公民身份号码 号码 → 公民身份号码",
    ),
    "a-sheet-for-each-branch.xlsx": Made(
        notes=["1 sheets_unread"],
    ),
    "autofilter.xlsx": Made(
        notes=["1 rows_hidden"],
    ),
    "unit-and-date-behind-the-title.xlsx": Made(
        rows=(4, 5),
    ),
    "result-of-an-earlier-import.xlsx": Made(),
    "libreoffice.csv": Made(),
    "two-rows-of-headings.xls": Made(
        rows=(3, 4),
        values={
            3: NOT_IN_FILE | {"floating_to": "广东省东莞市", "is_floating": "True"},
            4: NOT_IN_FILE | {"is_floating": "False"},
        },
        notes=["2 columns_unread"],
    ),
    "libreoffice-titles.xlsx": Made(
        rows=(4, 5),
        notes=["7 line_passed", "3 rows_hidden", "3 columns_hidden"],
    ),
    "libreoffice-titles.ods": Made(
        rows=(4, 5),
        notes=["7 line_passed", "3 rows_hidden", "3 columns_hidden"],
    ),
    "libreoffice-titles.xls": Made(
        rows=(4, 5),
        notes=["7 line_passed", "3 rows_hidden", "3 columns_hidden"],
    ),
    "libreoffice-formulas.xlsx": Made(
        values={2: {"education": None}, 3: {"ethnicity": None}},
        errors=["3 民族 cell_error"],
    ),
    "libreoffice-formulas.ods": Made(
        values={2: {"education": None}, 3: {"ethnicity": None}},
        errors=["3 民族 cell_error"],
    ),
    "libreoffice-sheets.xlsx": Made(
        notes=["1 sheets_unread"],
    ),
    "libreoffice-sheets.ods": Made(
        notes=["1 sheets_unread"],
    ),
    "libreoffice-sheets.xls": Made(
        notes=["1 sheets_unread"],
    ),
    "libreoffice-numbers.ods": Made(
        rows=(2, 3, 4, 5),
        values={4: {"joined_on": None}, 5: {"id_number": None}},
        errors=["4 加入党组织日期 date_january_or_october", "5 公民身份号码 id_number_precision"],
    ),
    "libreoffice-numbers.xls": Made(
        rows=(2, 3, 4, 5),
        values={4: {"joined_on": None}, 5: {"id_number": None}},
        errors=["4 加入党组织日期 date_january_or_october", "5 公民身份号码 id_number_precision"],
    ),
    "libreoffice-from-1904.ods": Made(),
}
