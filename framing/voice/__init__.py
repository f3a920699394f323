"""Who speaks in a passage: the outlet itself, or the person, office or state whom it quotes or reports."""
