"""Distillation Workbench: was one language model trained on another's answers?"""

__version__ = "0.1.0"
