"""Does the suspect repeat unpredictable text of the protected model?"""
