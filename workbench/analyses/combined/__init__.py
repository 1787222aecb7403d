"""What do all findings on the question come to?"""
