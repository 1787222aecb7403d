"""Logs of calls: what gateways, proxies and programs keep of requests and replies."""
