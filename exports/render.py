"""Payload → HTML → PDF. The HTML is the same string LiquidJS makes on a tablet; the PDF step trusts nobody.

User text is always escaped, the tree is checked against a closed list of elements and attributes, and
WeasyPrint can reach three files only: the stylesheet and two fonts (TRUST.md, PDF).
"""

import re
from contextlib import ExitStack
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import weasyprint
from liquid import CachingFileSystemLoader, Environment, StrictUndefined
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

import shared_schema
from exports.filters import make_filters
from exports.fonts import FONT_DIR, FONTS

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STYLESHEET = HERE / "forms.css"
BATCH = 8  # documents laid out together share their fonts; more would only need more memory
ORIGIN = "https://chedang.invalid"
DATA_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")

# All that the templates use; whatever else a document holds is not ours.
TEXT = {"html", "head", "meta", "title", "body", "div", "span", "b", "p", "h1", "h2", "h3"}
TABLE = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
DRAWING = {"viewBox", "width", "height", "d", "fill", "shape-rendering"}
STROKE = {"stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"}
ELEMENTS = TEXT | TABLE | {"svg", "path"}
ATTRIBUTES = (
    DRAWING | STROKE | {"class", "lang", "charset", "colspan", "rowspan", "role", "aria-label", "xmlns"}
)


class ForeignMarkup(ValueError):
    """The HTML holds an element or attribute no template of ours contains."""


class _Environment(Environment):
    # LiquidJS prints the blanks inside control blocks, so python-liquid must too: the strings are compared.
    suppress_blank_control_flow_blocks = False


@cache
def environment() -> Environment:
    """The Liquid environment: our templates only, output escaped, an unknown name is an error."""
    loader = CachingFileSystemLoader(TEMPLATES, ext=".liquid")
    env = _Environment(autoescape=True, undefined=StrictUndefined, loader=loader)
    env.filters.update(make_filters(shared_schema.load()))
    return env


def render_html(form: str, payload: dict) -> str:
    """The HTML document of a form for its payload (see `exports.forms.build`).

    :raise liquid.exceptions.LiquidError: no such form, or a payload of another shape
    """
    return environment().get_template(form).render(**payload)


class ClosedFetcher(URLFetcher):
    """Serves the stylesheet, the two fonts and `data:` raster images; everything else is refused unopened."""

    def __init__(self, font_dir: Path = FONT_DIR):
        super().__init__(allowed_protocols=("data", "https"), allow_redirects=False)
        self._files = {f"{ORIGIN}/vendor/fonts/{name}": (Path(font_dir) / name, "font/ttf") for name in FONTS}
        self._files[f"{ORIGIN}/forms/forms.css"] = (STYLESHEET, "text/css")

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        """The response for one of our URLs.

        :raise PermissionError: any other URL
        """
        if url in self._files:
            path, kind = self._files[url]
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        if DATA_IMAGE.fullmatch(url):
            return super().fetch(url, headers)
        raise PermissionError(f"refused: {url[:80]}")


class Press:
    """Turns HTML into PDF; keeps fonts and stylesheet loaded, so make one per process and reuse it."""

    def __init__(self, font_dir: Path = FONT_DIR):
        self._fetcher = ClosedFetcher(font_dir)
        self._fonts = FontConfiguration()
        url = f"{ORIGIN}/forms/forms.css"
        self._css = weasyprint.CSS(url=url, font_config=self._fonts, url_fetcher=self._fetcher)

    def pdf(self, documents: list[str]) -> bytes:
        """One PDF of several documents; each counts its own pages.

        :raise ForeignMarkup: a document our templates did not make
        """
        starts = range(0, len(documents), BATCH)
        return merge([self._batch(documents[start : start + BATCH]) for start in starts])

    def _batch(self, documents: list[str]) -> bytes:
        laid = [self._lay_out(html) for html in documents]
        pages = [page for document in laid for page in document.pages]
        return laid[0].copy(pages).write_pdf()

    def _lay_out(self, html: str) -> weasyprint.Document:
        document = weasyprint.HTML(string=html, url_fetcher=self._fetcher, media_type="print")
        _check_markup(document)
        return document.render(font_config=self._fonts, stylesheets=[self._css])


def _check_markup(document: weasyprint.HTML) -> None:
    for element in document.etree_element.iter():
        name = str(element.tag).rpartition("}")[2]
        if name not in ELEMENTS:
            raise ForeignMarkup(f"element {name[:40]}")
        foreign = {str(key).rpartition("}")[2] for key in element.attrib} - ATTRIBUTES
        if foreign:
            raise ForeignMarkup(f"attribute {sorted(foreign)[0][:40]} of {name}")


def merge(pdfs: list[bytes]) -> bytes:
    """Several PDFs as one."""
    if len(pdfs) == 1:
        return pdfs[0]
    with ExitStack() as stack:
        whole = stack.enter_context(pikepdf.Pdf.new())
        for pdf in pdfs:
            whole.pages.extend(stack.enter_context(pikepdf.Pdf.open(BytesIO(pdf))).pages)
        out = BytesIO()
        whole.save(out)
        return out.getvalue()


@cache
def _press(font_dir: Path) -> Press:
    return Press(font_dir)


def render_pdf(html: str, font_dir: Path = FONT_DIR) -> bytes:
    """One document as PDF in this process; `exports.pool` does the same in a limited child.

    :raise ForeignMarkup: a document our templates did not make
    """
    return _press(Path(font_dir)).pdf([html])
