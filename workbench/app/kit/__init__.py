"""The prompt kit: a battery of prompts, the forms of its requests, and the protocol of collection."""
