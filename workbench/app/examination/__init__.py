"""The examination of a case: every file, prompt and answer looked at, on all cores."""
