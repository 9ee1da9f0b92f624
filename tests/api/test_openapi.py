"""The API against its own OpenAPI document: whatever is sent, no 5xx (TRUST.md test plan 8)."""

import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.cast import Cast

# Most requests of one operation by one person, valid or invalid: all make 100,000 in the nightly run.
EXAMPLES = 800 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 12
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]


@pytest.fixture
def database_kind() -> str:
    """One database is enough here; the door's tests run on both."""
    return "sqlite"


def test_the_document_describes_itself(client):
    """OpenAPI at /api/v1/openapi.json, a readable page at /api/v1/docs, both without a third party."""
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.0.3" and "/api/v1/sync/push" in document["paths"]
    page = client.get("/api/v1/docs").get_data(as_text=True)
    assert "/api/v1/sync/push" in page and "https://" not in page


@pytest.mark.parametrize("person", [None, Cast.alice, Cast.hua], ids=["nobody", "alice", "hua"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
def test_no_request_breaks_the_server(app, sign_in, person, mode):
    """Valid and invalid requests of every operation, as nobody, as a branch's agent, as head office."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    headers = sign_in(person).headers if person else {}
    seen = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/auth/logout"):
            continue
        seen += _statuses(operation, mode, headers)
    print(f"{seen.total()} requests: {dict(seen)}")
    assert seen and all(status < 500 for status in seen), seen
    assert person is None or seen.keys() - {401, 403}


def _statuses(operation, mode: GenerationMode, headers: dict) -> Counter[int]:
    seen: Counter[int] = Counter()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, suppress_health_check=QUIET, deadline=None, database=None)
    def run(case) -> None:
        answer = case.call(headers=headers)
        seen[answer.status_code] += 1
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)

    try:
        run()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing invalid can be made where there is nothing to send
    return seen
