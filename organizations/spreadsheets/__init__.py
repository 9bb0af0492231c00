"""Spreadsheet files of every sort made into sheets of rows. Pure, but for the words (messages)."""
