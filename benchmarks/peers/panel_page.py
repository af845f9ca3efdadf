"""The page that is compared, in Panel: ``python panel_page.py PORT``."""

import sys

import panel as pn

LEVELS = ["1 Minimum", "2 Baseline", "3 Mature", "4 Leader", "5 Innovator"]
votes: list[str] = []


def page() -> pn.Column:
    """One person's page."""
    pad, send = pn.widgets.RadioBoxGroup(options=LEVELS), pn.widgets.Button(name="Vote")
    bar = pn.widgets.StaticText(value="Connected")

    def vote(_: object) -> None:
        votes.append(pad.value)
        bar.value = f"Your vote: {pad.value}. Votes: {len(votes)}"

    send.on_click(vote)
    return pn.Column("# Engaging Councillors", pad, send, bar)


if __name__ == "__main__":
    pn.serve({"page": page}, port=int(sys.argv[1]), show=False)
