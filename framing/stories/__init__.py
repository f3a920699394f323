"""Stories: what is the same event?"""
