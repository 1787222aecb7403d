"""Does the suspect know secrets that were planted in the protected model's answers?"""
