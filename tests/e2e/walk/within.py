"""What a test asks of the app's own worker, through the page that has it: saves, and what is kept."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.server import Server

CALL = "([name, given]) => import('/src/lib/app.js').then(({app}) => app[name](...given))"
TRY_NOW = "void import('/src/lib/app.js').then(({app}) => app.sync_now()).catch(() => {})"
SAVE = """([kind, body, base]) => import('/src/lib/app.js')
  .then(({app}) => app.save(kind, body, base))
  .then(({op_id}) => ({op_id}), ({code, message}) => ({code, message}))"""


def call(page: Page, name: str, *given: Any) -> Any:
    """The value of one of the worker's functions."""
    return page.evaluate(CALL, [name, list(given)])


def try_now(page: Page) -> None:
    """Begin a sync without waiting for what becomes of it."""
    page.evaluate(TRY_NOW)


def vehicles(server: Server, most: int) -> list[str]:
    """Ids of vehicles of the branch SZ01."""
    sql = "SELECT id FROM vehicle WHERE part = 'B:SZ01' ORDER BY id LIMIT ?"
    return [row[0] for row in server.rows(sql, most)]


def note(page: Page, vehicle: str, text: str) -> dict:
    """Write a note on a vehicle: `{op_id}`, or `{code, message}` when it was not saved."""
    return page.evaluate(SAVE, ["vehicle.set", {"id": vehicle, "set": {"note": text}}, {"note": None}])


def arrived(server: Server, ops: list[str]) -> list[str]:
    """Which of the ops the server has, each as often as it has it."""
    marks = ",".join("?" * len(ops))
    return sorted(row[0] for row in server.rows(f"SELECT id FROM op WHERE id IN ({marks})", *ops))
