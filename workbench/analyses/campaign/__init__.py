"""Do usage logs show systematic extraction by accounts that act together?"""
