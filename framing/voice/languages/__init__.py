"""Voices in languages other than English: rules read from `framing/data/voices/`, one file a language."""
