"""Where the files are that tests read."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parents[1]
"""The checkout."""

EXAMPLE = ROOT / "sessions" / "example.jsonl"
