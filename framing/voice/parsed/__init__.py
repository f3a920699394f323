"""Voice: whose words are they?"""
