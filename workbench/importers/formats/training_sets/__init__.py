"""Sets that models are trained on."""
