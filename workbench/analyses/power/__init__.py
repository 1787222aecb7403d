"""What is the smallest share of relayed answers that this material would have shown?"""
