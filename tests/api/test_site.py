"""The app's files: what is served, with which headers, and what the service worker is told to keep."""

import hashlib

import pytest

from backend.api.site import CSP


@pytest.fixture
def database_kind() -> str:
    """Files do not come from the database."""
    return "sqlite"


@pytest.mark.parametrize("path", ["/", "/today", "/files/0192f000-0003-7000-8000-000000000001", "/hq"])
def test_every_place_in_the_app_is_its_one_page(client, path):
    """Deep links work: the address belongs to the app, not to the server."""
    with client.get(path) as answer:
        assert answer.status_code == 200 and b'type="module"' in answer.data


@pytest.mark.parametrize(
    "path", ["/nothing.js", "/src/../../backend/app.py", "/src/%2e%2e/%2e%2e/README.md", "/forms/x"]
)
def test_nothing_else_of_the_tree_is_served(client, path):
    """A file that is not the app's is not there."""
    answer = client.get(path)
    assert answer.status_code == 404 and answer.get_json()["code"] == "not_found"


def test_the_policy_allows_our_own_files_only(client):
    """TRUST.md, Headers: no inline script or style, no third party, Trusted Types."""
    with client.get("/") as answer:
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in CSP and "http" not in CSP and "require-trusted-types-for 'script'" in CSP


def test_the_precache_list_is_what_is_served(client):
    """Every listed file answers with the listed content; the version changes with any of them."""
    listed = client.get("/precache.json").get_json()
    urls = [file["url"] for file in listed["files"]]
    assert {"/index.html", "/print.html", "/src/main.js", "/schema.json", "/forms/forms.css"} <= set(urls)
    assert "/sw.js" not in urls and len(urls) == len(set(urls))
    for file in listed["files"]:
        if not file["late"]:
            with client.get(file["url"]) as answer:
                assert hashlib.sha256(answer.data).hexdigest() == file["sha256"], file["url"]
    with client.get("/sw.js") as worker:
        assert listed["version"].encode() in worker.data


def test_errors_have_one_shape(client):
    """DESIGN.md: code, status, Chinese message, details; wrong method, no JSON, unknown address."""
    for answer, code in (
        (client.put("/api/v1/auth/login"), "request.method"),
        (client.post("/api/v1/auth/login", data="x", content_type="text/plain"), "request.invalid"),
        (client.post("/api/v1/auth/login", data="{", content_type="application/json"), "request.not_json"),
        (client.get("/api/v1/nothing"), "not_found"),
    ):
        body = answer.get_json()
        assert (body["code"], body["status"]) == (code, answer.status_code)
        assert body["message"] and set(body) == {"code", "status", "message", "details"}


def test_a_form_whose_part_has_no_name_is_refused_like_any_other(sign_in, cast):
    """Found by a fuzzer: such a part and a missing one were told in one answer."""
    web = sign_in(cast.alice)
    part = b'--x\r\nContent-Disposition: form-data; name="%0D"\r\n\r\nnull\r\n--x--\r\n'
    nameless = part.replace(b'; name="%0D"', b"")
    for body in (part, nameless):
        kind = "multipart/form-data; boundary=x"
        answer = web.client.post("/api/v1/imports", data=body, content_type=kind, headers=web.headers)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "request.invalid")


def test_health_and_metrics_answer(client):
    """DESIGN.md contract."""
    assert client.get("/healthz").get_json() == {"status": "ok", "version": "0.1.0", "protocol": 1}
    assert b"python_info" in client.get("/metrics").data
