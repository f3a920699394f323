"""Passages that no frame explains: grouped, named by their words, and turned into the draft of a frame."""
