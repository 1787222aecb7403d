"""Is the suspect simply serving the protected model?"""
