"""What is written of a workshop: its saved form, the session notebook, and the pages made of its report."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from npswidgets.benchmarks.reading import benchmark_csv, read_benchmark
from npswidgets.domain.carrying import carried
from npswidgets.domain.ids import file_in
from npswidgets.errors import ExportFailed, say_reason
from npswidgets.report.formats import BUNDLE, FORMATS, NOTEBOOK
from npswidgets.whole_file import write_whole

if TYPE_CHECKING:
    from npswidgets.store.saved import Archive

ARCHIVE = "jsonl"
EARLIER = "earlier"
BENCHMARK = "benchmark"
MAP = "map"
_SAVED = {ARCHIVE: ".jsonl", EARLIER: "-earlier.jsonl", BENCHMARK: "-benchmark.csv", MAP: "-map.yaml"}
"""What follows the workshop's id in the names of what a report is made from."""


@dataclass(frozen=True)
class Step:
    """How far an export is: after `step` of `steps`.

    Attributes:
        format: what is worked on: "jsonl" is the saved workshop.
        state: "running" is a cell of the notebook.
        file: the file that is done.
        reason: why it failed; or what it lacks, though it is done.
    """

    format: str
    state: Literal["running", "done", "failed"]
    step: int
    steps: int
    file: str = ""
    reason: str = ""


def export(
    archive: "Archive",
    formats: Sequence[str],
    out: Path,
    told: Callable[[Step], None] = lambda _: None,
    *,
    earlier: "Archive | None" = None,
    radar: bool = False,
    together: bool = False,
    benchmark: object = None,
    edition_map: Path | None = None,
) -> tuple[Step, ...]:
    """Writes `<out>/<workshop>/<workshop>.jsonl` and the formats beside it; gives what became of each.

    The report is worked out once, for all formats. The session notebook works it out again when it is run, beside the
    others, and must come to the same. A file is whole or is not there; one that cannot be made does not stop the
    others.

    Args:
        archive: the workshop; its id names the folder, its `file_name` the files.
        formats: of `FORMATS`.
        out: the folder for exports; it is made if need be.
        told: is called at each step, never twice at once.
        earlier: a workshop that was signed off, to compare with; its file is written beside, too.
        radar: whether the report shows the weakest score of each key area as a shape.
        together: whether all files that were made are written as one ZIP file, too, as the last step.
        benchmark: figures to show beside the scores, as `read_benchmark` takes them; its file is written beside, too.
        edition_map: a map from the rubric of the earlier workshop to this one's, as `read_map` takes it; without an
            earlier workshop it is left out.

    Raises:
        RubricFaults: the map does not fit; the error names all faults.
        BenchmarkFaults: the benchmark has faults; the error names all of them.
        ExportFailed: the id cannot name a folder.
        RuleBroken: there cannot be such a report: see `make_report`.
        OSError: the saved workshop cannot be written.
    """
    return _Export(archive, formats, out, told, earlier, radar, together, benchmark, edition_map).run()


class _Export:
    def __init__(
        self,
        archive: "Archive",
        formats: Sequence[str],
        out: Path,
        told: Callable[[Step], None],
        earlier: "Archive | None",
        radar: bool,
        together: bool,
        benchmark: object,
        edition_map: Path | None,
    ) -> None:
        from npswidgets.report.make import make_report

        folder, name = archive.workshop.id, archive.workshop.file_name
        self._archive, self._earlier, self._radar = archive, earlier, radar
        before, rubric = earlier.workshop if earlier else None, archive.workshop.rubric
        self._map = edition_map.read_bytes() if before and edition_map else None
        if before and edition_map:
            from npswidgets.store.edition_map import read_map

            before = carried(before, read_map(edition_map, before.rubric, rubric), rubric)
        self._benchmark = None if benchmark is None else read_benchmark(benchmark, rubric.value_codes, rubric.scale)
        self._given = [*([EARLIER] if earlier else []), *([BENCHMARK] if self._benchmark is not None else [])]
        self._given += [MAP] if self._map is not None else []
        self._report = make_report(archive.workshop, earlier=before, radar=radar, benchmark=self._benchmark)
        self._stem = file_in(file_in(out, folder), name)
        self._formats, self._together = formats, together
        self._told = told
        self._steps = 1 + len(formats) + together + (_cells() if NOTEBOOK in formats else 0)
        self._step = 0
        self._one_at_a_time = Lock()

    def run(self) -> tuple[Step, ...]:
        saved = self._file(ARCHIVE)
        saved.parent.mkdir(parents=True, exist_ok=True)
        write_whole(saved, self._archive.text)
        if self._earlier:
            write_whole(self._file(EARLIER), self._earlier.text)
        if self._map is not None:
            write_whole(self._file(MAP), self._map)
        if self._benchmark is not None:
            write_whole(self._file(BENCHMARK), benchmark_csv(self._benchmark))
        done = self._say(ARCHIVE, "done", file=str(saved))
        with ThreadPoolExecutor(1) as beside:
            tried = beside.submit(self._make, NOTEBOOK) if NOTEBOOK in self._formats else None
            made = {one: self._make(one) for one in self._formats if one != NOTEBOOK}
        if tried:
            made[NOTEBOOK] = tried.result()
        steps = done, *(made[one] for one in self._formats)
        return (*steps, self._write_together(steps)) if self._together else steps

    def _render(self, format_: str) -> str | bytes:
        made = FORMATS[format_].made
        return made(self._report) if made else self._notebook()

    def _notebook(self) -> str:
        """The session notebook, run in a kernel of its own; what people added to the one before stays."""
        from npswidgets.report.notebook import Given, added_to, carried_report, run_page, to_text

        added = added_to(self._file(NOTEBOOK))
        earlier = self._file(EARLIER) if self._earlier else None
        benchmark = None if self._benchmark is None else self._file(BENCHMARK)
        given = Given(
            self._file(ARCHIVE), earlier, self._radar, benchmark, self._file(MAP) if self._map is not None else None
        )
        notebook = run_page(given, lambda: self._say(NOTEBOOK, "running"))
        there = replace(carried_report(notebook), made=self._report.made, made_on=self._report.made_on)
        if there != self._report:
            raise ExportFailed("The session notebook came to another result than the other formats.")
        notebook.cells += added
        return to_text(notebook)

    def _make(self, format_: str) -> Step:
        try:
            write_whole(self._file(format_), self._render(format_))
        except Exception as error:  # whatever it was, it is told, and does not take the others with it
            return self._say(format_, "failed", reason=say_reason(error))
        return self._say(format_, "done", file=str(self._file(format_)), reason=self._lacks(format_))

    def _write_together(self, steps: Sequence[Step]) -> Step:
        """All files of these steps in one."""
        from npswidgets.report.bundle import bundle

        files = [Path(one.file) for one in steps if one.file] + [self._file(one) for one in self._given]
        file = self._stem.with_name(f"{self._stem.name}.{BUNDLE}")
        try:
            write_whole(file, bundle(self._report, files))
        except Exception as error:  # as with each of the files
            return self._say(BUNDLE, "failed", reason=say_reason(error))
        return self._say(BUNDLE, "done", file=str(file))

    def _lacks(self, format_: str) -> str:
        """What a PDF cannot show."""
        from npswidgets.report.letters import missing_letters, say_missing, texts_in

        return say_missing(missing_letters(texts_in(asdict(self._report)))) if FORMATS[format_].is_pdf else ""

    def _say(self, format_: str, state: Literal["running", "done", "failed"], file: str = "", reason: str = "") -> Step:
        with self._one_at_a_time:
            self._step += 1
            step = Step(format_, state, self._step, self._steps, file, reason)
            self._told(step)
            return step

    def _file(self, format_: str) -> Path:
        ending = _SAVED.get(format_) or FORMATS[format_].ending
        return self._stem.with_name(self._stem.name + ending)


def _cells() -> int:
    from npswidgets.report.notebook import code_cells

    return code_cells()
