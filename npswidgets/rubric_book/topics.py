"""The sheet of a key area in a rubric's workbook: what it is, and its topics with the statements of each level."""

from npswidgets.domain.nearest import shown
from npswidgets.rubric_book.cells import tidy
from npswidgets.rubric_book.finding import Found, Reading, left_over
from npswidgets.rubric_book.layout import ABOUT_AREA, AREA_FIELDS, TOPICS
from npswidgets.rubric_book.overview import Overview
from npswidgets.rubric_book.parts import field_rows, statements_in, text_of, value_in
from npswidgets.store.rubric_json import Json


def key_area_of(reading: Reading, tables: dict[str, Found], overview: Overview) -> Json:
    """The key area of a sheet, as in the rubric's JSON."""
    area: Json = {}
    if ABOUT_AREA.key in tables:
        places = field_rows(reading, tables[ABOUT_AREA.key], AREA_FIELDS)
        area = {one.key: text_of(reading, one, places) for one in AREA_FIELDS if one.kind != "id"}
        overview.ids.add(reading, places.get("id"), area, "key-area")
    if TOPICS.key in tables:
        area["value_codes"] = _topics(reading, tables[TOPICS.key], overview)
    left_over(reading, tables)
    return area


def _topics(reading: Reading, found: Found, overview: Overview) -> list[Json]:
    levels = _level_columns(reading, found, overview)
    name_at = found.columns["Topic"]
    groups: list[list[int]] = []
    for row in found.rows(reading):
        first, _ = reading.sheet.merged.get((row, name_at), ((row, name_at), ""))
        if groups and first == (groups[-1][0], name_at):
            groups[-1].append(row)
        else:
            groups.append([row])
    topics = []
    for rows in groups or [[found.head + 1]]:
        reading.together = frozenset(rows)
        topics.append(_topic(reading, rows, found, levels, overview))
    reading.together = frozenset()
    return topics


def _level_columns(reading: Reading, found: Found, overview: Overview) -> dict[int, int]:
    """The column of each level, by the value that its head begins with."""
    columns: dict[int, int] = {}
    for column, head in sorted(found.others.items()):
        value = value_in(head)
        if value in overview.values and value is not None and value not in columns:
            columns[value] = column
            continue
        heads = ", ".join(f"“{one}”" for one in found.table.heads)
        if overview.values:
            expected = "each level once" if value in columns else f"one of {heads}, or a level of the overview"
            reading.fault((found.head, column), expected, f"“{shown(head)}”")
        reading.used.update((row, column) for row in range(found.head, found.end))
    for value in overview.needed:
        if value not in columns:
            reading.fault(found.key_head, f"a head for level {value} in this row, too", "no such head")
    return columns


def _topic(reading: Reading, rows: list[int], found: Found, levels: dict[int, int], overview: Overview) -> Json:
    """A topic, which has several rows where its name is merged over them."""
    row, at = rows[0], found.columns
    topic: Json = {"name": reading.need((row, at["Topic"]), "the name of the topic")}
    reading.used.update((one, at["Topic"]) for one in rows)
    if column := at.get("Description"):
        said = [reading.need((row, column), "the description of the topic", tidy)]
        said += [reading.take((one, column), "the description of the topic", tidy) for one in rows[1:]]
        topic["description"] = "\n".join(filter(None, said))
    id_at = at.get("ID")
    overview.ids.add(reading, (row, id_at) if id_at else None, topic, "topic")
    if (column := at.get("Shown as")) and (shown_as := reading.take((row, column), "a name for screens, or nothing")):
        topic["display_name"] = shown_as
    topic["levels"] = _statements(reading, rows, levels, overview)
    if column := at.get("Notes"):
        notes = [text for one in rows for text in statements_in(reading, (one, column), "notes, or nothing")]
        topic |= {"notes": notes} if notes else {}
    return topic


def _statements(reading: Reading, rows: list[int], levels: dict[int, int], overview: Overview) -> Json:
    """The statements of each level that has some, by its value."""
    found: Json = {}
    for value, column in levels.items():
        before = len(reading.faults)
        expected = f"the statements of level {value}, a line for each"
        said = [text for row in rows for text in statements_in(reading, (row, column), expected)]
        if said:
            found[str(value)] = said
        elif value in overview.needed and len(reading.faults) == before:
            reading.fault((rows[0], column), expected, "nothing")
    return found
