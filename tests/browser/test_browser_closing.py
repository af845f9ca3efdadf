"""The end of a workshop in a real browser: read back, agree actions, end, check, sign off."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from accessible import check_with_axe
from paths import EXAMPLE
from playwright.sync_api import Download, Locator, Page, expect
from serving import PLAIN_HOST, Made, RunningServer, wait_until

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ActionChanged, Words, WorkshopReopened, WorkshopSealed
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.report.formats import FORMATS, OFFERED
from npswidgets.server.pages.reports import MAKING_SECONDS
from npswidgets.store.archive import import_archive
from npswidgets.store.opening import store_of
from npswidgets.store.saved import read_archive, verify
from npswidgets.store.workshops import read_workshop

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
CHAMPIONS, REPORTING = "procurement-and-commercial-champions", "reporting"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


def workshop(server: RunningServer, made: Made) -> Workshop:
    return read_workshop(server.engine, made.id)


def topic(server: RunningServer, made: Made, code: str = REPORTING) -> Topic:
    return workshop(server, made).topics[code]


def facilitate(new_page: NewPage, made: Made) -> Page:
    page = new_page("laptop")
    page.goto(made.facilitator_link)
    press(page, "Skip the practice")
    expect(button(page, "Skip the practice")).to_have_count(0)  # "Start voting" is there both times
    return page


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def press(page: Page, name: str) -> None:
    """Presses a button of the panel, once it listens again after a change."""
    wanted = page.locator(".nps-now-panel .nps-body:not([data-deaf])").get_by_role("button", name=name, exact=True)
    wanted.click()


def menu(page: Page, name: str) -> None:
    button(page, "Menu").click()
    button(page, name).click()


def download_data(page: Page) -> Download:
    """Makes the report as data (JSON) alone, on the page that offers the files, and takes it."""
    for box in page.locator(".nps-report-files li input").all():
        box.uncheck()
    page.get_by_role("checkbox", name=re.compile("^Data")).check()
    page.locator(".nps-report-files").get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name="Download data (JSON)")
    expect(link).to_be_visible(timeout=MAKING_SECONDS * 1000)
    with page.expect_download() as download:
        link.click()
    return download.value


def score(page: Page, name: str, level: str) -> None:
    """Scores a topic without a vote."""
    page.locator(".nps-topic-list").get_by_role("button", name=re.compile(f"^{name}")).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    press(page, "Score without a vote")
    page.locator(".nps-keys label", has_text=level).click()
    press(page, "Save only")
    expect(page.locator(".nps-now-panel h2")).to_have_text("Score saved")


def test_a_workshop_from_reading_back_to_signing_off(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = facilitate(new_page, made)
    wall = new_page("wall")
    wall.goto(made.projector_link)
    phone = new_page("phone")
    phone.goto(made.join_link)
    phone.get_by_role("button", name="Join", exact=True).click()
    phone.wait_for_url("**/vote/**")

    score(page, "Reporting", "2 Developing")
    score(page, "Councillor development", "3 Mature")
    menu(page, "End the workshop")
    expect(page.get_by_role("heading", name="Is this what we agreed?")).to_be_visible()
    press(page, "Show on the screen")
    for screen in (wall, phone):
        expect(screen.get_by_role("heading", name="Is this what we agreed?")).to_be_visible()
        expect(screen.get_by_text("2 Developing")).to_be_visible()
        expect(screen.get_by_text("Left for later")).to_be_visible()

    press(page, "Choose topics for action")
    expect(wall.get_by_text("No actions yet.")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^Reporting")).check()
    expect(page.get_by_role("heading", name="Reporting: 2 Developing to 3 Mature")).to_be_visible()
    expect(page.get_by_label("Done when")).to_have_value(re.compile("^Councillors receive regular briefings"))
    page.get_by_label("What will be done").press_sequentially("A briefing each quarter")
    for screen in (wall, phone):
        expect(screen.get_by_text("A briefing each quarter")).to_be_visible()
    page.get_by_label("Who (job title)").fill("Head of procurement")
    page.get_by_label("By when").fill("2026-09-30")
    expect(wall.get_by_text("30 September 2026")).to_be_visible()
    expect(wall.get_by_text("Head of procurement")).to_be_visible()
    page.get_by_label("Send the draft report by").fill("2026-03-19")
    wait_until(lambda: str(workshop(server, made).sessions[made.session].draft_by) == "2026-03-19")
    check_with_axe(page)

    press(page, "End the workshop")
    expect(wall.get_by_text("Thank you. 2 topics scored, 1 action agreed.")).to_be_visible()
    expect(phone.get_by_text("The facilitator sends the draft report by 19 March 2026.")).to_be_visible()
    for screen in (wall, phone):
        check_with_axe(screen)

    press(page, "Check before sign-off")
    expect(page.get_by_text("1 topic has no score").first).to_be_visible()
    expect(page.locator(".nps-now-panel").get_by_text("Nothing is sent to the LGA.")).to_be_visible()
    card = page.get_by_role("region", name="Procurement and commercial champions")
    card.get_by_role("combobox").select_option("Not applicable")
    card.get_by_label("Why does this topic not apply?").fill("We have no such role.")
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    reporting = page.get_by_role("region", name="Reporting", exact=True)
    reporting.get_by_label("Comment").fill("Scrutiny gets reports when a decision is due.")
    reporting.get_by_label("What will be done").fill("A briefing each month")
    wait_until(lambda: topic(server, made).note("comment") == "Scrutiny gets reports when a decision is due.")
    wait_until(lambda: [str(one.what) for one in topic(server, made).actions.values()] == ["A briefing each month"])
    assert topic(server, made, CHAMPIONS).status == "not_applicable"
    check_with_axe(page)

    button(page, "Sign off and lock").click()
    expect(page.get_by_text("Write which role signs off, such as Head of service.")).to_be_visible()
    page.get_by_label("Sign off as (job title)").fill("Head of procurement")
    button(page, "Sign off and lock").click()
    confirmed = page.get_by_text(re.compile("^Signed off as Head of procurement on .*, version 1"))
    expect(confirmed).to_be_in_viewport()
    expect(confirmed).to_be_focused()
    expect(reporting.get_by_label("Comment")).to_be_disabled()
    assert workshop(server, made).sealed
    check_with_axe(page)
    page.get_by_label("Why is it reopened?").fill("A comment was missing")
    button(page, "Reopen").click()
    expect(reporting.get_by_label("Comment")).to_be_enabled()
    assert not workshop(server, made).sealed
    sign_off_while_somebody_types(server, made, page, reporting)


def sign_off_while_somebody_types(server: RunningServer, made: Made, page: Page, card: Locator) -> None:
    """In another window; the words stay, are told, and are saved when it is reopened."""
    other = store_of(server.engine, Actor(made.id, "facilitator"))
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=30))  # no pause in typing ends: nothing is saved
    card.get_by_label("Comment").fill("Half a sentence")
    other.record(WorkshopSealed(workshop(server, made).version + 1, Words("Head of procurement")))
    expect(card.get_by_text("Not saved: signed off meanwhile.")).to_be_visible()
    expect(card.get_by_label("Comment")).to_have_value("Half a sentence")
    page.clock.resume()
    other.record(WorkshopReopened(Words("A comment was missing")))
    wait_until(lambda: topic(server, made).note("comment") == "Half a sentence")
    expect(card.get_by_text("Not saved").filter(visible=True)).to_have_count(0)  # for a moment there may be two


def test_an_action_that_is_half_typed_outlives_a_reload(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = facilitate(new_page, made)
    score(page, "Reporting", "2 Developing")
    menu(page, "End the workshop")
    press(page, "Choose topics for action")
    page.get_by_role("checkbox", name=re.compile("^Reporting")).check()
    page.get_by_label("Who (job title)").fill("Head of procurement")
    assert topic(server, made).actions == {}
    page.reload()
    expect(page.get_by_label("Who (job title)")).to_have_value("Head of procurement")
    page.get_by_label("What will be done").fill("A briefing")
    wait_until(lambda: [str(one.owner) for one in topic(server, made).actions.values()] == ["Head of procurement"])


def test_an_action_in_use_is_not_rewritten(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = facilitate(new_page, made)
    score(page, "Reporting", "2 Developing")
    menu(page, "End the workshop")
    press(page, "Choose topics for action")
    page.get_by_role("checkbox", name=re.compile("^Reporting")).check()
    what = page.get_by_label("What will be done")
    what.press_sequentially("Mine")
    wait_until(lambda: topic(server, made).actions)
    (action,) = topic(server, made).actions
    other = store_of(server.engine, Actor(made.id, "facilitator"))
    other.record(ActionChanged(made.session, REPORTING, action, Words("Theirs"), Words("Finance director")))
    expect(page.get_by_label("Who (job title)")).to_have_value("Finance director")
    expect(what).to_have_value("Mine")
    what.press_sequentially(" too")
    expect(page.get_by_text("The other screen changed this text in between: “Theirs”")).to_be_visible()
    button(page, "Save mine").click()
    wait_until(lambda: str(topic(server, made).actions[action].what) == "Mine too")


def test_reports_are_made_and_kept_while_the_page_stays_open(
    new_page: NewPage, server: RunningServer, made: Made, tmp_path: Path
) -> None:
    before = server.kernels()
    page = facilitate(new_page, made)
    own = server.kernels() - before
    assert own
    menu(page, "Make the report")
    expect(page.locator(".nps-report-files li input")).to_have_count(len(FORMATS))
    for box in page.locator(".nps-report-files li input").all():
        box.uncheck()
    make = page.locator(".nps-report-files").get_by_role("button", name="Make the report")
    expect(make).to_be_disabled()
    page.get_by_role("checkbox", name=re.compile("^Data")).check()
    make.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("link", name="Download data (JSON)")).to_be_visible(timeout=MAKING_SECONDS * 1000)
    check_with_axe(page)
    for name, found in (("Download data (JSON)", "json"), ("Save the workshop file", "jsonl")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"{made.id}.{found}"
        download.value.save_as(tmp_path / f"kept.{found}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all files as one").click()
    download.value.save_as(tmp_path / "kept.zip")
    packed = ZipFile(tmp_path / "kept.zip")
    assert packed.read(f"{made.id}/{made.id}.json") == (tmp_path / "kept.json").read_bytes()
    report = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert report["record"]["head"] == verify(tmp_path / "kept.jsonl")
    assert own <= server.kernels()
    press(page, "Go back")
    expect(page.get_by_role("heading", name="Procurement and commercial champions", level=1)).to_be_visible()


def test_a_report_stands_beside_an_earlier_workshop(new_page: NewPage, server: RunningServer, tmp_path: Path) -> None:
    import_archive(server.engine, read_archive(EXAMPLE))
    made = server.make(sessions=(("Showing leadership", ("showing-leadership",)),))
    page = new_page("laptop")
    page.goto(made.facilitator_link)
    menu(page, "Make the report")
    page.get_by_label("Compare with").select_option("example")
    page.get_by_label("Show the weakest scores as a shape").check()
    boxes = page.locator(".nps-report-files li")
    for box in boxes.get_by_role("checkbox").all():
        box.uncheck()
    boxes.get_by_role("checkbox", name=re.compile("^Data")).check()
    check_with_axe(page)
    page.locator(".nps-report-files").get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name="Download data (JSON)")
    expect(link).to_be_visible(timeout=MAKING_SECONDS * 1000)
    expect(page.get_by_text(re.compile("^Ready. .* beside the earlier one.$")).first).to_be_visible()
    expect(page.get_by_label("Compare with")).to_have_value("example")
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "kept.json")
    report = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert (report["earlier"]["workshop"], len(report["radar"])) == ("example", 4)


def test_the_text_for_the_form_is_copied_where_a_browser_has_no_clipboard(
    new_page: NewPage, server: RunningServer, made: Made
) -> None:
    plain = server.base.replace("127.0.0.1", PLAIN_HOST)
    page = new_page("laptop", base=plain)
    page.goto(made.facilitator_link.replace(server.base, plain))
    menu(page, "Make the report")
    button(page, "Copy for LGA form").click()
    expect(page.get_by_text("Copied.").first).to_be_visible()
    assert page.evaluate("isSecureContext") is False
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    page.locator("#pasted").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("#pasted")).to_have_value(re.compile(r"Reporting\nScore: \(not scored\)"))


def test_what_was_not_made_is_said_and_the_rest_can_be_kept(new_page: NewPage, made: Made) -> None:
    page = facilitate(new_page, made)
    states = {
        "pdf": {"state": "done", "file": "w.pdf", "bytes": 1_234_567},
        "docx": {"state": "failed", "reason": "no ink."},
    }
    nothing = {"state": "", "file": "", "bytes": 0, "reason": ""}
    files = [
        {"format": one, "name": FORMATS[one].name, "use": FORMATS[one].use} | nothing | states.get(one, {})
        for one in OFFERED
    ]
    said = {"formats": files, "running": False, "asked_at": "2026-03-12T10:41:00Z", "step": 3, "steps": 3}
    said |= {"earlier": [], "compared": False, "together": {"file": "", "bytes": 0}}
    page.route("**/reports", lambda route: route.fulfill(json=said))
    menu(page, "Make the report")
    expect(page.get_by_text("The Word report was not made: no ink. The other files are ready.")).to_be_visible()
    expect(page.get_by_role("link", name="Download PDF report, 1.2 MB")).to_be_visible()
    expect(page.get_by_text("Not made", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Download all files as one")).to_be_hidden()
