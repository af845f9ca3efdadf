"""The keys with which paper votes are typed: those of the scale, and two for the other answers."""

import pytest
from paths import ROOT
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

KEYS = """([script, levels, typed]) => {
  const keys = new Function(`${script}; return paperKeys`)()(levels);
  return [keys.hint.split(",")[0], typed.map((key) => keys.answer(key) ?? null)];
}"""
OTHERS = ["dont_know", "not_my_role"]


@pytest.mark.parametrize(
    ("levels", "others", "digits", "words"),
    [
        (range(1, 4), "09", [1, 2, 3, None], "Keys 1 to 3"),
        (range(1, 6), "09", [1, 2, 3, 4, 5, None], "Keys 1 to 5"),
        (range(1, 9), "09", [1, 2, 3, 4, 5, 6, 7, 8], "Keys 1 to 8"),
        (range(1, 10), "dN", [1, 2, 3, 4, 5, 6, 7, 8, 9], "Keys 1 to 9"),
        (range(4), "Dn", [1, 2, 3, None], "Keys 0 to 3"),
    ],
)
def test_a_key_is_the_digit_of_its_level_and_the_other_answers_have_keys_of_their_own(
    chromium: Browser, levels: range, others: str, digits: list[int | None], words: str
) -> None:
    script = (ROOT / "npswidgets/widgets/static/paper_keys.js").read_text(encoding="utf-8")
    typed = [*others, *(str(at + 1) for at in range(len(digits)))]
    page = chromium.new_page()
    assert page.evaluate(KEYS, [script, list(levels), typed]) == [words, [*OTHERS, *digits]]
    page.close()


def test_the_tenth_level_is_key_0(chromium: Browser) -> None:
    script = (ROOT / "npswidgets/widgets/static/paper_keys.js").read_text(encoding="utf-8")
    page = chromium.new_page()
    found = page.evaluate(KEYS, [script, list(range(1, 11)), ["0", "D", "N", "x"]])
    assert found == ["Keys 1 to 9 and 0 for 10", [10, *OTHERS, None]]
    page.close()


def test_a_key_that_stands_for_nothing_is_said(chromium: Browser) -> None:
    script = (ROOT / "npswidgets/widgets/static/paper_keys.js").read_text(encoding="utf-8")
    page = chromium.new_page()
    wrong = """(script) => ['6', '3', '0', ' ', null].map(
      new Function(`${script}; return paperKeys`)()([1, 2, 3, 4, 5]).wrong)"""
    assert page.evaluate(wrong, script) == ["There is no “6”. Keys 1 to 5, 0 and 9.", "", "", "", ""]
    page.close()
