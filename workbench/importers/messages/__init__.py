"""Messages to and from models: requests, replies, conversations, streams."""
