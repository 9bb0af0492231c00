"""What each finding of the roster import says to a person: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from organizations.spreadsheets.cells import Problem
from organizations.spreadsheets.messages import MESSAGES as FILE_MESSAGES

MESSAGES: dict[str, str] = {
    **FILE_MESSAGES,
    # The sheet as a whole.
    "rows_none": gettext_noop("There are headings, but no rows below them."),
    "headings_missing": gettext_noop("The sheet lacks these headings: %(headings)s."),
    "headings_proposed": gettext_noop(
        "The sheet lacks these headings: %(headings)s. If these are meant, rename them in the "
        "file: %(proposals)s."
    ),
    "sheets_unread": gettext_noop("Only the sheet %(sheet)s was read; these were not: %(others)s."),
    "choice_recalled": gettext_noop(
        "Sheets and headings are read as was chosen on %(date)s for a file of this shape."
    ),
    "sheet_missing": gettext_noop("The file has no sheet %(sheets)s."),
    "columns_unread": gettext_noop("Nothing is read from these columns: %(headings)s."),
    "sheet_hidden": gettext_noop("The sheet %(sheet)s is hidden; it was read as well."),
    "headings_again": gettext_noop(
        "Rows that hold headings again, or number the columns, were passed over: %(rows)s."
    ),
    "line_passed": gettext_noop("This line is not about one person and was passed over."),
    "rows_hidden": gettext_noop(
        "Rows that are hidden in the spreadsheet were read as well (%(count)s): %(rows)s."
    ),
    "columns_hidden": gettext_noop(
        "These columns are hidden in the spreadsheet and were read as well: %(headings)s."
    ),
    # One cell.
    "cell_error": gettext_noop(
        "The formula in this cell has failed (%(shown)s). Mend it, or type the value."
    ),
    "formula_uncomputed": gettext_noop(
        "The formula in this cell was never worked out. Open the file in the spreadsheet program "
        "and save it again."
    ),
    "not_clearable": gettext_noop("This field can't be cleared."),
    "required": gettext_noop("This cell must not be empty."),
    "too_long": gettext_noop("At most %(limit)s characters fit here."),
    "control_character": gettext_noop("The cell holds invisible control characters."),
    "name": gettext_noop("This is not a name."),
    "id_number_form": gettext_noop(
        "An ID number has 18 characters: 17 digits, then a digit or X. This one has %(length)s."
    ),
    "id_number_check": gettext_noop(
        "The check digit of the ID number is wrong: look for a typing error."
    ),
    "id_number_birth": gettext_noop("The birth date within the ID number does not exist."),
    "id_number_precision": gettext_noop(
        "The spreadsheet has kept this ID number as a number and lost its last digits. Format the "
        "column as text and type the number again."
    ),
    "id_number_from_15": gettext_noop("An old ID number of 15 digits; it was made into one of 18."),
    "date_form": gettext_noop("This is not a date. Write it as 1985-07-01."),
    "date_impossible": gettext_noop("There is no such day."),
    "date_two": gettext_noop("There are two dates in this cell. Leave only one."),
    "date_year_only": gettext_noop(
        "The month and the day are missing. Write the whole date as 1985-07-01."
    ),
    "date_january_or_october": gettext_noop(
        "The spreadsheet has kept this as the number %(shown)s: it may be January or, with a lost "
        "zero, October %(year)s. Format the column as text and write the whole date as "
        "%(year)s-01-15 or %(year)s-10-15."
    ),
    "date_in_words": gettext_noop("Read as %(date)s."),
    "date_range": gettext_noop("The year must lie between 1900 and 2099."),
    "date_month_only": gettext_noop("The day is missing. Write the whole date as 1985-07-01."),
    "date_ambiguous": gettext_noop(
        "This date can be read in more than one way. Write it as 1985-07-01."
    ),
    "date_future": gettext_noop("This day lies in the future."),
    "sex": gettext_noop("Write 男 or 女."),
    "stage": gettext_noop("Write one of 正式党员, 预备党员, 发展对象, 入党积极分子, 入党申请人."),
    "stage_taken_as_full": gettext_noop("Taken as full member (正式党员)."),
    "stage_conflict": gettext_noop(
        "The category of person and the standing of membership contradict each other."
    ),
    "stage_back": gettext_noop("On record this person is further already: %(stage)s."),
    "standing": gettext_noop("Write a standing such as 正常 or 停止党籍."),
    "yes_no": gettext_noop("Write 是 or 否."),
    "education_not_in_list": gettext_noop(
        "Not in the national list of education; kept as it is written."
    ),
    "phone": gettext_noop(
        "This is not a phone number: 11 digits, or an area code and a number such as 0851-12345678."
    ),
    "phone_two": gettext_noop("There are %(count)s numbers in the cell; one was taken."),
    "office": gettext_noop(
        "Write one of 书记, 副书记, 委员, 居委会主任, 党小组组长, 街道干部, 社区工作者."
    ),
    "election": gettext_noop("This way of coming into office is not known; it was left out."),
    # One row.
    "example_row": gettext_noop("This is the template's example; it was passed over."),
    "identity_missing": gettext_noop(
        "Give an ID number, or else a birth date: a name alone tells nobody from another."
    ),
    "no_id_number": gettext_noop("Without an ID number; known by name, birth date and unit."),
    "birth_date_completed": gettext_noop("Taken from the ID number: %(date)s."),
    "sex_differs": gettext_noop("The ID number says otherwise."),
    "birth_date_differs": gettext_noop("The ID number says %(date)s."),
    "full_before_joining": gettext_noop(
        "The day of becoming a full member lies before that of joining the Party (%(date)s)."
    ),
    "full_day_ignored": gettext_noop(
        "Only a full member has a day of becoming one; it was left out."
    ),
    "joined_day_ignored": gettext_noop(
        "Whoever is not yet a probationary member has no day of joining; it was left out."
    ),
    "joined_young": gettext_noop("The person was not yet 18 on that day."),
    "not_floating": gettext_noop(
        "A destination is given, but the person is said not to be floating; it was left out."
    ),
    "duplicate_in_file": gettext_noop("The same person stands in more than one row: %(rows)s."),
    "unit_unknown": gettext_noop("There is no unit %(unit)s within %(within)s."),
    "unit_dissolved": gettext_noop(
        "%(unit)s (%(known_as)s) was dissolved on %(date)s: nobody can come to it any more. Write "
        "the unit that takes its place."
    ),
    "unit_ambiguous": gettext_noop(
        "Several units bear this name: %(units)s. Write the code of the right one."
    ),
    "unit_by_name_alone": gettext_noop(
        "Found by the community's name alone, which other streets may have too: %(units)s. Check "
        "them; street and name, or the code, leave no doubt."
    ),
    "person_ambiguous": gettext_noop(
        "Several people on record bear this name there. Give the ID number."
    ),
    "person_in_question": gettext_noop(
        "Somebody of this name is on record there: say whether this is the same person."
    ),
    "name_differs": gettext_noop(
        "On record this ID number belongs to %(person)s; the name changes."
    ),
    "ends_with_standing": gettext_noop("This ends with it: %(ended)s."),
    "transfer_needed": gettext_noop(
        "This person's home is %(unit)s. Nothing was changed: transfer the Party relation first."
    ),
    "person_elsewhere": gettext_noop(
        "This person can't be entered here. Ask the organisation department of the county."
    ),
    # Appointments.
    "days_in_order": gettext_noop("The last day is before the first."),
    "member_gone": gettext_noop("%(person)s is on record as: %(standing)s. Correct that first."),
    "seat_taken": gettext_noop("%(person)s already holds this office there, with no last day."),
    "seat_overlaps": gettext_noop("%(person)s held this office there at the same time."),
    "post_open": gettext_noop("The person already holds this office there, since %(date)s."),
}


def message(found: Problem) -> str:
    """The finding in the language that is active."""
    return gettext(MESSAGES[found.code]) % dict(found.params)
