"""The check of a zip in one line a system, with nothing but what the system has."""

from __future__ import annotations


def zip_checks(name: str) -> tuple[tuple[str, str, str], ...]:
    """One line a system that says PASS or FAIL of a zip: the system, where to type it, and the line."""
    said = "echo PASS || echo FAIL"
    return (
        (
            "Windows",
            "Command Prompt",
            f'certutil -hashfile {name} SHA256 | findstr /i /x /c:"HASH" >nul && {said}',
        ),
        ("macOS", "Terminal", f'shasum -a 256 {name} | grep -qi "^HASH " && {said}'),
        ("Linux", "Terminal", f'sha256sum {name} | grep -qi "^HASH " && {said}'),
    )
