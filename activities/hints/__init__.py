"""Believable records: what the portal notices from what is there anyway, as hints for reviewers."""
