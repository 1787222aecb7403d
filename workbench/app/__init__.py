"""The verbs of the workbench: what both shells offer."""
