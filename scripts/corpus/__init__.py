"""Makes the small spreadsheets in tests/members/corpus, one mess each.

`python -m scripts.corpus` writes them all; those that LibreOffice writes only where `soffice` is
installed, else the committed ones stay. All people are invented. What the import makes of each
file is stated in tests/members/corpus_table.py.
"""
