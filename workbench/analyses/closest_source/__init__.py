"""Is the suspect closer to the protected model than unrelated models are?"""
