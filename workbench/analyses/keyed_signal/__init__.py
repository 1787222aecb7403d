"""Does the suspect carry the protected model's keyed signal?"""
