"""Is this material fit to answer the question?"""
