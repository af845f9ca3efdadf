"""Several workshops side by side: a council over time, or the councils that become one."""

from collections.abc import Iterable, Sequence

import pandas as pd

from npswidgets.benchmarks.reading import read_benchmark
from npswidgets.domain.changes import check_one_scale, other_topic, panel_changed, rule_changed, with_care
from npswidgets.domain.rubric import wording_changed
from npswidgets.domain.workshop import Workshop, check_opened
from npswidgets.errors import RuleBroken


def compare(*workshops: Workshop, benchmark: object = None, drafts: bool = False) -> pd.DataFrame:
    """A row for each value code that one of the workshops is about, in the order of the first; the index is its id.

    Columns: `theme`, `key_area`, `value_code`; the score in each workshop, named by its id (by id and number if it
    comes again); `change`, from the first to the last; `weakest`, the lowest score of all, as a council made of several
    would be scored, and `weakest_in`, where that is; `wording_changed`, where description, statements, names of levels
    or what each vote asks are not the same in all; `rule_changed`, where scores did not follow the same part of the
    votes; `with_care`, where a map between editions says so (see `carried`); `panel_changed`, where other people
    scored: other departments asked, or a quarter more or fewer people than in another workshop (a rule of our own);
    `benchmark` and `to_benchmark`, from it to the last score, if one is
    given. A score that is missing is empty, and so is a change from or to it. Change and weakest
    are empty, too, where several rubrics say different things under one id. No average is in it.

    Args:
        workshops: two or more; for a change over time the earliest first.
        benchmark: the path of a CSV file or workbook with the columns `code` and `score`, a DataFrame or Series by
            value code, or a dict; its figures are taken as they are.
        drafts: workshops that are not signed off are allowed, too.

    Raises:
        RuleBroken: there are fewer than two, one is not signed off, or they were scored on different levels.
        NotFound: there is no such file.
        BenchmarkFaults: the benchmark has faults; the error names all of them by row.
    """
    _check(workshops, drafts=drafts)
    codes = list(dict.fromkeys(code for one in workshops for code in one.rubric.value_codes if code in one.topics))
    index = pd.Index(codes, name="code", dtype="string")
    places = [_place(workshops, code) for code in codes]
    table = pd.DataFrame(places, index=index, columns=["theme", "key_area", "value_code"], dtype="string")
    names = _names(workshops)
    for name, one in zip(names, workshops, strict=True):
        table[name] = pd.Series([_score(one, code) for code in codes], index=index, dtype="Int64")
    table["change"] = table[names[-1]] - table[names[0]]
    table["weakest"] = table[names].min(axis=1).astype("Int64")
    table["weakest_in"] = pd.Series([_weakest_in(names, row) for row in table[names].to_numpy()], index, dtype="string")
    table.loc[[other_topic(workshops, code) for code in codes], ["change", "weakest", "weakest_in"]] = pd.NA
    reworded = [wording_changed([one.rubric for one in workshops], code) for code in codes]
    table["wording_changed"] = pd.Series(reworded, index=index, dtype="boolean")
    table["rule_changed"] = pd.Series([rule_changed(workshops, code) for code in codes], index=index, dtype="boolean")
    table["with_care"] = pd.Series([with_care(workshops, code) for code in codes], index=index, dtype="boolean")
    others = [panel_changed(workshops, code) for code in codes]
    table["panel_changed"] = pd.Series(others, index=index, dtype="boolean")
    if benchmark is not None:
        known = {code for one in workshops for code in one.rubric.value_codes}
        figures = read_benchmark(benchmark, known, workshops[-1].rubric.scale)
        table["benchmark"] = pd.Series([figures.get(code) for code in codes], index=index, dtype="Float64")
        table["to_benchmark"] = table[names[-1]].astype("Float64") - table["benchmark"]
    return table


def panels(*workshops: Workshop) -> pd.DataFrame:
    """Who scored, a row a workshop: council, rubric and version, people, departments asked for, value codes scored.

    Where the panels differ, a difference of scores may be one of who was in the room.
    """
    _check_given(workshops, 1)
    rows = [
        {
            "workshop": name,
            "council": one.council,
            "rubric": f"{one.rubric.id} {one.rubric.version}",
            "people": one.took_part,
            "departments": ", ".join(one.departments),
            "value_codes": len(one.topics),
            "signed_off": one.sealed,
        }
        for name, one in zip(_names(workshops), workshops, strict=True)
    ]
    kinds = {"people": "Int64", "value_codes": "Int64", "signed_off": "boolean"}
    table = pd.DataFrame(rows)
    return table.astype({name: kinds.get(name, "string") for name in table}).set_index("workshop")


def _check_given(workshops: Sequence[Workshop], least: int) -> None:
    check_opened(*workshops)
    if len(workshops) < least:
        raise RuleBroken(f"Name {'two workshops' if least == 2 else 'a workshop'} or more to compare.")


def _check(workshops: Sequence[Workshop], *, drafts: bool) -> None:
    _check_given(workshops, 2)
    open_ = [one.id for one in workshops if not one.sealed]
    if open_ and not drafts:
        raise RuleBroken(f"Not signed off yet: {', '.join(open_)}. Sign off first, or compare with drafts=True.")
    check_one_scale(workshops)


def _names(workshops: Sequence[Workshop]) -> list[str]:
    ids = [one.id for one in workshops]
    return [one if ids.count(one) == 1 else f"{one} ({at})" for at, one in enumerate(ids, 1)]


def _place(workshops: Sequence[Workshop], code: str) -> dict[str, str]:
    """Where a value code stands in the first rubric that has it."""
    rubric = next(one.rubric for one in workshops if code in one.rubric.value_codes)
    return {
        "theme": rubric.theme_of(code).name,
        "key_area": rubric.key_area_of(code).name,
        "value_code": rubric.value_codes[code].display_name,
    }


def _score(workshop: Workshop, code: str) -> int | None:
    topic = workshop.topics.get(code)
    return topic.agreed_level if topic else None


def _weakest_in(names: Sequence[str], scores: Iterable[object]) -> str | None:
    """The names of those at the lowest score; None if there is no score."""
    found = {name: score for name, score in zip(names, scores, strict=True) if isinstance(score, int)}
    lowest = min(found.values(), default=None)
    return ", ".join(name for name, score in found.items() if score == lowest) or None
