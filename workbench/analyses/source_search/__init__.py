"""Which of all candidate families do the answers of the suspect look like, if any?"""
