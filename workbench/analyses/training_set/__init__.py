"""Is the protected model's text in what the suspect's makers published?"""
