"""The page that is compared, in Solara."""

import solara

LEVELS = ["1 Minimum", "2 Baseline", "3 Mature", "4 Leader", "5 Innovator"]
votes: list[str] = []


@solara.component
def Page() -> None:  # noqa: N802 (Solara looks for this name)
    """One person's page."""
    level, said = solara.use_reactive(LEVELS[0]), solara.use_reactive("Connected")

    def vote() -> None:
        votes.append(level.value)
        said.set(f"Your vote: {level.value}. Votes: {len(votes)}")

    solara.Markdown("# Engaging Councillors")
    solara.ToggleButtonsSingle(value=level, values=LEVELS)
    solara.Button("Vote", on_click=vote)
    solara.Text(said.value)
