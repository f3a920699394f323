"""Classification: which frames does a passage carry, and how sure is that?"""
