"""What the analyses share: similarities of models, robust scores, partial correlations, likelihood ratios."""
