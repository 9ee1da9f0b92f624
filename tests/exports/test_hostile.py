"""Hostile text and hostile documents: nothing runs, is fetched or is embedded (TRUST.md, PDF)."""

import base64
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from liquid import Markup
from weasyprint.css.tokens import InvalidValues
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

from exports import forms, render
from tests.exports.paper import BY_ID, SCHEMA, pages, text_of

PAYLOADS = [
    "<script>alert(1)</script>",
    "</td></tr></table><script src=//evil.invalid></script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>*{background:url(file:///etc/passwd)}</style>",
    "<base href=http://127.0.0.1/>",
    "{{ 7 | times: 6 }}",
    "{% include 'head' %}",
    "{% raw %}{{ x }}{% endraw %}",
    "&lt;script&gt;",
    "<!--",
    "]]><x>",
    "\\41 \\000041",
    "javascript:alert(1)",
]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
FONTS = FontConfiguration()
CANARY = "CANARY-7d1f-must-stay-on-disk"

# One line for every way a document can name an address; {url} is the canary file or the listener.
CHANNELS = [
    '<link rel="attachment" href="{url}">',
    '<link rel="attachment" href="{url}" title="x" type="text/plain">',
    '<a rel="attachment" href="{url}">x</a>',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="alternate stylesheet" href="{url}">',
    '<link rel="icon" href="{url}">',
    '<style>@import "{url}";</style>',
    "<style>@import url({url}) screen, print;</style>",
    '<style>@font-face {{ font-family: "Stolen"; src: url({url}) }} body {{ font-family: Stolen }}</style>',
    "<style>body {{ background: url({url}) }}</style>",
    "<style>body {{ background-image: image-set('{url}' 1x) }}</style>",
    "<style>li {{ list-style-image: url({url}) }}</style><ul><li>x</ul>",
    "<style>p::before {{ content: url({url}) }}</style><p>x</p>",
    "<style>p {{ border-image: url({url}) 1 }}</style><p>x</p>",
    "<style>p {{ mask: url({url}); mask-border: url({url}) }}</style><p>x</p>",
    "<style>p {{ cursor: url({url}), auto; filter: url({url}) }}</style><p>x</p>",
    "<style>@page {{ background: url({url}); @top-left {{ content: url({url}) }} }}</style>",
    "<style>@color-profile device-cmyk {{ src: url({url}) }}</style>",
    '<p style="background: url({url})">x</p>',
    '<img src="{url}">',
    '<img srcset="{url} 1x, {url} 2x" src="{url}">',
    '<picture><source srcset="{url}"><img src="{url}"></picture>',
    '<object data="{url}"></object>',
    '<object data="{url}" type="image/png"></object>',
    '<embed src="{url}">',
    '<embed src="{url}" type="image/svg+xml">',
    '<iframe src="{url}"></iframe>',
    '<iframe srcdoc="<img src={url}>"></iframe>',
    '<video src="{url}" poster="{url}"></video>',
    '<audio src="{url}"></audio>',
    '<input type="image" src="{url}">',
    '<script src="{url}"></script>',
    '<meta http-equiv="refresh" content="0; url={url}">',
    '<base href="{url}"><img src="x.png"><link rel="stylesheet" href="x.css">',
    '<body background="{url}">',
    '<table background="{url}"><tr><td background="{url}">x</table>',
    '<svg><image href="{url}" width="9" height="9"/></svg>',
    '<svg><image xlink:href="{url}" width="9" height="9"/></svg>',
    '<svg><use href="{url}#a"/></svg>',
    '<svg><style>@import "{url}"; path {{ fill: url({url}#a) }}</style><path d="M0 0h9v9z"/></svg>',
    '<svg><path fill="url({url}#a)" filter="url({url}#b)" d="M0 0h9v9z"/></svg>',
    '<svg><text><textPath href="{url}#a">x</textPath></text></svg>',
    '<svg><foreignObject><img src="{url}"></foreignObject></svg>',
    '<?xml-stylesheet href="{url}"?><p>x</p>',
    '<math><annotation-xml href="{url}"></annotation-xml></math>',
    '<form action="{url}"><button formaction="{url}">x</button></form>',
    '<blockquote cite="{url}"><q cite="{url}">x</q></blockquote>',
    '<img src="https://chedang.invalid/vendor/fonts/../../../etc/passwd">',
    '<img src="https://chedang.invalid/forms/forms.css?{url}">',
    '<img src="DATA:image/svg+xml,<svg><image href={url} /></svg>">',
    '<img src="data:image/svg+xml;base64,{svg}">',
    '<img src="data:text/html,<img src={url}>">',
]


@pytest.fixture
def canary(tmp_path: Path) -> str:
    """A file that must not be read: an image, so that a careless fetcher would gladly embed it."""
    path = tmp_path / "canary.svg"
    path.write_text(PICTURE.format(f"<text>{CANARY}</text>"))
    return path.as_uri()


class Listener:
    """A web server that notes who came."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x.svg"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            client, _ = self._socket.accept()
            with client:
                if client.recv(4096) == b"stop":
                    return
                self.visits += 1
                client.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    def close(self) -> None:
        """Stop serving."""
        with socket.create_connection(self._socket.getsockname()) as knock:
            knock.sendall(b"stop")
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def document(channel: str, url: str) -> str:
    picture = base64.b64encode(PICTURE.format(f'<image href="{url}"/>').encode()).decode()
    return f"<!doctype html><title>x</title>{channel.format(url=url, svg=picture)}<p>end</p>"


def print_with(fetcher: URLFetcher, html: str) -> bytes | None:
    """The PDF, or None where WeasyPrint gives up because an address was refused."""
    try:
        return weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(font_config=FONTS)
    except (URLFetchingError, InvalidValues):
        return None


def attachments(pdf: bytes, folder: Path) -> list[str]:
    path = folder / "out.pdf"
    path.write_bytes(pdf)
    with pikepdf.Pdf.open(path) as opened:
        return list(opened.attachments)


class Watched(render.ClosedFetcher):
    """The closed fetcher, which also remembers what it gave out."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []

    def fetch(self, url, headers=None):
        answer = super().fetch(url, headers)
        self.given.append(url)
        return answer


def test_the_harness_sees_an_open_fetcher(canary: str, listener: Listener, tmp_path: Path):
    """The positive control: through WeasyPrint's own fetcher most channels work, and files are embedded."""
    assert attachments(print_with(URLFetcher(), document(CHANNELS[0], canary)), tmp_path)
    alive = 0
    for channel in CHANNELS:
        before = listener.visits
        print_with(URLFetcher(), document(channel, listener.url))
        alive += listener.visits > before
    assert alive >= 20


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_reaches_a_file_or_the_network(
    channel: str, canary: str, listener: Listener, tmp_path: Path
):
    # TRUST class 10
    fetcher, before = Watched(), listener.visits
    for url in (canary, "FiLe" + canary.removeprefix("file"), listener.url, canary.removeprefix("file://")):
        pdf = print_with(fetcher, document(channel, url))
        if pdf is not None:
            assert attachments(pdf, tmp_path) == []
            assert CANARY not in "".join(text_of(page) for page in pages(pdf))
    assert fetcher.given == []
    assert listener.visits == before


@pytest.mark.parametrize("channel", CHANNELS)
def test_foreign_markup_is_not_even_laid_out(channel: str):
    html = f"<!doctype html><html><body>{channel.format(url='file:///etc/passwd', svg='')}</body></html>"
    with pytest.raises(render.ForeignMarkup):
        render.render_pdf(html)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/", "//x/y"])
def test_the_fetcher_refuses_whatever_is_not_ours(url: str):
    with pytest.raises(PermissionError):
        render.ClosedFetcher().fetch(url)


def test_the_fetcher_gives_our_stylesheet_fonts_and_raster_images():
    fetcher = render.ClosedFetcher()
    assert fetcher.fetch(f"{render.ORIGIN}/forms/forms.css").read().startswith(b"/* Every paper form")
    assert len(fetcher.fetch(f"{render.ORIGIN}/vendor/fonts/{render.FONTS[0]}").read()) > 1_000_000
    pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    assert fetcher.fetch(pixel).read().startswith(b"GIF")


def poison(value: object, text: str) -> object:
    """The same records with every free text replaced."""
    if isinstance(value, dict):
        return {key: item if _is_key(key) else poison(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [poison(item, text) for item in value]
    return text if isinstance(value, str) else value


def _is_key(name: str) -> bool:
    keys = ("id", "code", "step", "from", "to", "state", "list", "round", "version")
    return name in keys or name.endswith(("_id", "_at", "_on", "_until", "_by"))


@pytest.mark.parametrize("text", PAYLOADS)
@pytest.mark.parametrize("name", ["complaint.midway", "record.complete", "log.one_day", "file.ordinary"])
def test_text_in_every_field_stays_text(name: str, text: str):
    # TRUST class 11
    case = BY_ID[name]
    staff = dict.fromkeys(case["ctx"]["staff"], text)
    ctx = {**case["ctx"], "schema": SCHEMA, "staff": staff, "printed_by": text}
    payload = forms.build(case["form"], poison(case["records"], text), ctx)
    html = render.render_html(case["form"], payload)
    assert str(Markup.escape(text)) in html
    assert ("<" not in text) or text not in html
    tags = {element.tag for element in weasyprint.HTML(string=html).etree_element.iter()}
    assert {str(tag).rpartition("}")[2] for tag in tags} <= render.ELEMENTS


def test_hostile_text_is_printed_as_it_was_typed():
    pdf = render.render_pdf(render.render_html("complaint", BY_ID["complaint.hostile"]["expect"]))
    text = "".join(text_of(page) for page in pages(pdf))
    assert "<script>alert(1)</script>" in text and "{{7|times:6}}" in text
