"""Takes the picture of a rubric's workbook in docs/rubrics.md: two sheets of the example of meetings.

LibreOffice sets the workbook on paper and pdftoppm makes pictures of the pages; both have to be there.
"""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from npswidgets.rubric_book.writing import book_of
from npswidgets.store.rubric_files import load_rubric

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "rubric-workbook.png"
WIDTH, APART, COLOURS = 1200, 24, 16
PARTS = ((1.0, 1.0), (0.733, 0.75))
"""How much of the width and height is shown of each sheet: of the overview all, of a key area up to the last level."""


def main() -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "book.xlsx").write_bytes(book_of(load_rubric("meetings")))
        office = ["soffice", f"-env:UserInstallation={folder.as_uri()}/office", "--headless"]
        subprocess.run([*office, "--convert-to", "pdf", "--outdir", name, folder / "book.xlsx"], check=True)
        paper = ["pdftoppm", "-r", "200", "-l", str(len(PARTS)), "-png", folder / "book.pdf", folder / "page"]
        subprocess.run(paper, check=True)
        found = (Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png")))
        pages = [_cut(page, *part) for page, part in zip(found, PARTS, strict=True)]
    whole = Image.new("RGB", (WIDTH, sum(page.height + APART for page in pages) - APART), "white")
    at = 0
    for page in pages:
        whole.paste(page, (0, at))
        at += page.height + APART
    whole.quantize(COLOURS).save(PICTURE, optimize=True)


def _cut(page: Image.Image, wide: float, high: float) -> Image.Image:
    """What is on the page, or so much of it, without its foot and margins, as wide as the picture."""
    page = page.crop((0, 0, page.width, round(page.height * 0.92)))
    there = ImageChops.invert(page).getbbox()
    assert there
    left, top, right, bottom = there
    cut = page.crop((left, top, left + round((right - left) * wide), top + round((bottom - top) * high)))
    return cut.resize((WIDTH, round(cut.height * WIDTH / cut.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
