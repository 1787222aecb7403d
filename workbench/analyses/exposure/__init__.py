"""Did the suspect learn what certain accounts were served, rather than what the protected model would say?"""
