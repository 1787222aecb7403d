"""Statistics of the evidence: resampling, likelihood ratios, their bounds, calibration and error rates."""
