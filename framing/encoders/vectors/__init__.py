"""Where are vectors stored, how is damage found, and what goes when the room is used up?"""
