"""The roster import, as stages that can be tested alone: read, clean, match, plan, apply."""
