"""Outputs of evaluations: harnesses and leaderboards that keep the answers of models."""
