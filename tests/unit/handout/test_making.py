"""PDF and HTML: by day the reader's book, and one chapter in all editions; by night all, on both papers.

What Typst is asked for is PDF/UA-1: it refuses a picture without words, a level of headings that is left out,
and a page without a title or a language.
"""

from __future__ import annotations

import io
import itertools
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont

from netbook.errors import SetupError, UnknownMarkup
from netbook.handout import links, making, paper, prose, screen
from netbook.handout.edition import KINDS
from netbook.setup import packages
from tests.frame.day import is_night
from tests.unit.handout.conftest import CHAPTERS, SMALL

ROOT = Path(__file__).parents[3]
PAPERS = ("a4", "letter")


def cases():
    for path in CHAPTERS if is_night() else CHAPTERS[2:3]:
        for kind in KINDS:
            for size in PAPERS:
                if is_night() or size == "a4" or kind == "student":
                    yield pytest.param(path, kind, size, id=f"{path.stem}-{kind}-{size}")


def data(path: Path, kind, size="a4"):
    wish = making.Wish((path,), Path(), kind=kind, paper=size)
    return links.resolved(making.document([making.edition_of(path, wish)], wish), {}, {})


def pages(made: bytes) -> str:
    """The text of a PDF, as a reader's search finds it: over the ends of lines."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages).split())


@pytest.mark.parametrize(("path", "kind", "size"), list(cases()))
def test_a_chapter_on_paper(path, kind, size):
    told = data(path, kind, size)
    reader = pypdf.PdfReader(io.BytesIO(paper.pdf(told)))
    wide = float(reader.pages[0].mediabox.width)
    assert round(wide) == (595 if size == "a4" else 612)
    assert reader.metadata.title == told["title"]
    assert str(reader.root_object["/Lang"]) == "en"
    first = " ".join(reader.pages[0].extract_text().split())
    assert told["title"] in first
    assert prose.plain(told["chapters"][0]["lead"])[:40] in first
    outline = [one for one in reader.outline if not isinstance(one, list)]
    assert outline[0].title == told["title"]


def alts(node, found):
    """The words of pictures, from the PDF's tree of its structure."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            alts(one, found)
    elif isinstance(node, dict):
        if "/Alt" in node:
            found.append(str(node["/Alt"]))
        if "/K" in node:
            alts(node["/K"], found)
    return found


def test_the_whole_sentence_of_every_picture_is_in_the_pdf():
    told = data(CHAPTERS[2], "reader")
    root = pypdf.PdfReader(io.BytesIO(paper.pdf(told))).root_object
    wanted = [b["alt"] for c in told["chapters"][0]["cells"] for b in c["blocks"] if b["b"] == "figure"]
    assert sorted(alts(root["/StructTreeRoot"], [])) == sorted(wanted)


def test_the_heads_of_rows_are_heads():
    """Of tables whose rows have names, and where the text has set them in bold; no list hides them."""
    told = data(CHAPTERS[1], "reader")
    blocks = [block for cell in told["chapters"][0]["cells"] for block in cell["blocks"]]
    wanted = [row[0] for b in blocks if b["b"] == "table" and b["named"] for row in b["rows"]]
    tokens = [token for b in blocks if b["b"] == "prose" for token in b["c"] if token["t"] == "table"]
    wanted += [row[0] for t in tokens for row in t["rows"] if [one["t"] for one in row[0]] == ["strong"]]
    root = pypdf.PdfReader(io.BytesIO(paper.pdf(told))).root_object["/StructTreeRoot"]
    heads = [cell for cell in cells(root, "/TH") if cell["/A"][0].get("/Scope") == "/Row"]
    assert len(heads) == len(wanted) > 9
    rows = [cell["/P"].get_object() for cell in heads]
    assert not [cell for row in rows for cell in cells(row, "/TD") if "/Headers" in cell["/A"][0]]


def cells(node, kind):
    """The cells of one kind, from the PDF's tree of its structure."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for one in node for found in cells(one, kind)]
    if not isinstance(node, dict):
        return []
    inside = cells(node["/K"], kind) if "/K" in node else []
    return [node, *inside] if node.get("/S") == kind else inside


def test_a_students_pages_have_a_key_and_no_solution():
    text = pages(paper.pdf(data(CHAPTERS[0], "student")))
    assert "Key to the predictions" in text
    assert "One way" not in text


def test_the_same_bytes_twice():
    for kind in KINDS:
        one, two = data(CHAPTERS[0], kind), data(CHAPTERS[0], kind)
        assert paper.pdf(one) == paper.pdf(two)
        assert screen.page(one) == screen.page(two)


def test_the_book(tmp_path):
    """Its contents, its bookmarks, its links; in CI, it is kept as what the run has built."""
    to = ROOT / "build" / "handout" if os.environ.get("CI") else tmp_path
    to.mkdir(parents=True, exist_ok=True)
    wish = making.Wish(tuple(CHAPTERS), to, book=True, kind="teacher" if is_night() else "reader")
    editions = [(path, making.edition_of(path, wish)) for path in CHAPTERS]
    book = next(making.documents(editions, wish))
    assert book[0] is None
    written = list(making.write([book], editions, wish))
    assert [path.suffix for path in written] == [".pdf", ".html"]
    reader = pypdf.PdfReader(written[0])
    titles = [one.title for one in reader.outline if not isinstance(one, list)]
    numbered = [title for title in titles if title not in ("Contents", "Running a workshop")]
    assert numbered == [made["title"] for _, made in editions]
    assert "The bridge network" in reader.pages[1].extract_text()
    check_page(written[1].read_text(encoding="utf-8"), cover=True)


def ended(data):
    os._exit(1)


def test_a_process_that_is_ended_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(paper, "pdf", ended)
    with pytest.raises(SetupError, match="was ended from outside"):
        making.make(making.Wish((SMALL,), tmp_path), pytest.fail)


def test_a_refusal_comes_back_from_its_process(tmp_path):
    with pytest.raises(SetupError, match="Typst could not set 'A small chapter'") as caught:
        making.make(making.Wish((SMALL,), tmp_path, paper="papyrus"), pytest.fail)
    assert caught.value.remedy


# -- the page for the screen --------------------------------------------------


class Page(HTMLParser):
    """What a browser would see of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.tags.add(tag)
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "a":
            self.links.append(known["href"])
        self.loads += [known[name] for name in ("src", "srcset", "data", "poster", "action") if name in known]
        if tag != "a" and "href" in known:
            self.loads.append(known["href"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def check_page(text: str, *, cover: bool = False) -> None:
    page = Page(text)
    assert not page.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert all(address.startswith(("data:", "#")) for address in page.loads)
    assert not re.search(r"url\((?!#|data:)|@import", text)
    assert "default-src 'none'" in text
    assert all(
        address.startswith(("#", "https://", "http://")) or address.endswith(".html")
        for address in page.links
    )
    assert {address[1:] for address in page.links if address.startswith("#")} <= set(page.ids)
    mine = [name for name in page.ids if name.startswith(("ch", "teacher"))]
    assert len(set(mine)) == len(mine)
    assert page.headings.count(1) > 1 if cover else page.headings[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(page.headings))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_on_one_page(path, kind):
    check_page(screen.page(data(path, kind)))


def test_the_words_of_a_picture_are_its_name():
    text = screen.page(data(SMALL, "reader"))
    assert 'role="img" aria-label="One box: bbox01 is in it."' in text
    assert text.count('role="img"') == 1


# -- fonts ----------------------------------------------------------------------


def test_every_sign_has_a_glyph():
    """Whatever face it is set in, DejaVu Sans is the last one that is asked; Latin letters are in all."""
    dejavu = next(folder for folder in paper.fonts_for({"x": ""}) if (folder / "DejaVuSans.ttf").exists())
    known = set(TTFont(dejavu / "DejaVuSans.ttf").getBestCmap())
    for path in CHAPTERS:
        signs = {sign for sign in str(data(path, "teacher")["chapters"]) if sign.isprintable()}
        assert not [sign for sign in signs if ord(sign) not in known], path.stem


def test_chinese_without_a_font_is_a_sentence(monkeypatch):
    monkeypatch.setattr(paper, "_CHINESE", ("/nowhere",))
    told = data(SMALL, "reader")
    told["chapters"][0]["lead"] = [{"t": "text", "s": "网桥"}]
    with pytest.raises(SetupError, match=r"Chinese signs .*no font for them"):
        paper.pdf(told)


CHINESE = {  # in each place where a text can stand, a picture and a command's output among them
    "A small chapter": "一个小章节",
    "in *one* line": "一行*网桥*",
    "a ***veth pair***": "一对***虚拟网卡***",
    "Docker is there.": "Docker 已经在那里，对吗？",
    "How many interfaces will": "有多少个接口",
    "One box": "一个盒子",
    "echo one way": "echo 一条路",
    "`MAC` is random": "`地址` 是随机的",
    "$ ip addr\\n```": "$ ip addr 命令\\n```",
}


@pytest.fixture(scope="module")
def chinese_font() -> None:
    """Debian's package, installed where the tests may."""
    if packages.can_install():
        packages.offer(packages.absent(["fonts-noto-cjk"]), "Chinese text is set on paper.")
    if not any(list(Path(folder).glob("*CJK*")) for folder in paper._CHINESE):
        pytest.skip("no Chinese font is installed here, and only root on Debian may install one")


@pytest.mark.parametrize("kind", ["reader", "student"])
@pytest.mark.usefixtures("chinese_font")
def test_chinese_text_is_set(tmp_path, kind):
    text = SMALL.read_text(encoding="utf-8")
    for english, chinese in CHINESE.items():
        assert english in text
        text = text.replace(english, chinese)
    path = tmp_path / SMALL.name
    path.write_text(text, encoding="utf-8")
    made = paper.pdf(data(path, kind))
    assert b"NotoSansCJKsc-Regular" in made
    assert b"NotoSansCJKsc-Bold" in made
    found = pages(made).replace(" ", "")
    for chinese in CHINESE.values():
        assert max(re.split(r"[^一-鿿]+", chinese), key=len) in found


def test_a_sign_that_no_font_has_is_told():
    told = data(SMALL, "reader")
    told["chapters"][0]["lead"] = [{"t": "text", "s": "ᚠᚢᚦ"}]
    with pytest.raises(SetupError, match="No font that is here has all signs of 'A small chapter'"):
        paper.pdf(told)


def test_no_font_of_the_system_is_used():
    """So that a page is the same on every machine."""
    made = paper.pdf(data(CHAPTERS[2], "teacher"))
    fonts = set(re.findall(rb"/BaseFont/(?:[A-Z]{6}\+)?([A-Za-z]+)", made))
    assert fonts == {b"LibertinusSerif", b"SourceSansPro", b"DejaVuSansMono"}


@pytest.mark.parametrize("kind", ["t", "b"])
def test_a_new_kind_is_an_error_in_both_templates(kind):
    told = data(SMALL, "reader")
    new = {"b": "hologram"} if kind == "b" else {"b": "prose", "c": [{"t": "hologram", "c": []}]}
    told["chapters"][0]["cells"][0]["blocks"] = [new]
    with pytest.raises(SetupError, match="hologram"):
        paper.pdf(told)
    with pytest.raises(UnknownMarkup, match="hologram"):
        screen.page(told)


def test_no_engine_is_asked():
    """What makes a reader's or a student's handout does not even load the docker SDK."""
    code = (
        "import sys; from pathlib import Path; from netbook.handout import making, paper, screen\n"
        f"wish = making.Wish((Path({str(SMALL)!r}),), Path(), kind='student')\n"
        "told = making.document([making.edition_of(wish.chapters[0], wish)], wish)\n"
        "screen.page(told)\n"
        "print(sorted({'docker', 'IPython', 'ipywidgets', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
