"""What a tablet may see changes while it is in use: a car goes to another branch, a person gets a second post
and loses it (SYNC-move; invariants 11, 12, 16), through the eyes of the people who work there.
"""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from backend.domain.ids import new_id
from tests.e2e.server import PASSWORD, Server, make_demo
from tests.e2e.walk.acts import bar, go, place, sign_in, synced

PATIENCE_MS = 20_000  # two busy cores
SIZE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of one's own with a small demo group."""
    running = Server(make_demo(tmp_path_factory.mktemp("scope") / "data", 60))
    running.start()
    expect.set_options(timeout=PATIENCE_MS)
    yield running
    expect.set_options(timeout=5_000)
    running.stop()


@pytest.fixture
def tablet(browser, server: Server) -> Iterator[Callable[[str], Page]]:
    """`tablet("sz01.csm")`: a tablet of their own, downloaded; a console error fails."""
    contexts, said = [], []

    def make(username: str) -> Page:
        context = browser.new_context(viewport=SIZE, service_workers="block", base_url=server.url)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        go(page, "/")
        sign_in(page, username)
        synced(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert [line for line in said if "ERR_INTERNET_DISCONNECTED" not in line] == []


def ask(server: Server, path: str, body: dict, token: str = "") -> dict:
    """POST to the API as a person at a desk does."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"{server.url}/api/v1{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def give_posts(server: Server, username: str, change: Callable[[list], list]) -> None:
    """The administrator changes a person's posts."""
    device = {"id": str(uuid4()), "name": "总部电脑"}
    login = ask(server, "/auth/login", {"username": "admin", "password": PASSWORD, "device": device})
    message = {"proto": 1, "device": device["id"], "cursors": {"GRP": None}}
    rows = ask(server, "/sync/pull", message, login["token"])["parts"]["GRP"]["rows"]
    person = next(row[4] for row in rows if row[1] == "staff" and row[4]["username"] == username)
    body = {"id": person["id"], "set": {"posts": change(person["posts"])}}
    op = {"n": login["last_n"] + 1, "id": new_id(), "kind": "staff.set", "v": 1, "part": "GRP", "body": body}
    op |= {"base": {"posts": person["posts"]}, "at": login["server_time"]}
    pushed = ask(server, "/sync/push", {"proto": 1, "device": device["id"], "ops": [op]}, login["token"])
    assert pushed["results"][0]["status"] == "applied", pushed


def sync(page: Page) -> None:
    """Ask for a sync at once, and wait for its end."""
    bar(page).click()
    page.get_by_role("button", name="立即同步").click()
    page.keyboard.press("Escape")
    synced(page)


def found(page: Page, plate: str):
    """The search's line for a plate."""
    place(page, "车档")
    page.get_by_role("searchbox", name="搜索车档").fill(plate[2:])
    return page.locator("file-search cd-list-row").filter(has_text=plate[2:])


def a_car(server: Server, part: str) -> tuple[str, str]:
    """Id and plate of a car of a branch."""
    sql = "SELECT id, plate FROM vehicle WHERE part = ? AND plate IS NOT NULL ORDER BY id LIMIT 1"
    return server.rows(sql, part)[0]


def test_a_car_goes_to_another_branch_and_late_work_follows_it(tablet, server):
    car, plate = a_car(server, "B:SZ01")
    manager, agent, there = tablet("sz01.csm"), tablet("sz01.cs"), tablet("gz01.csm")
    expect(found(there, plate)).to_have_count(0)
    found(agent, plate).click()
    agent.locator("file-person").first.get_by_role("button", name="修改资料").click()
    agent.context.set_offline(True)
    agent.locator("dialog[open]").get_by_label("备注").fill("搬家前打的电话")
    agent.get_by_role("button", name="保存修改").click()
    expect(bar(agent)).to_contain_text("待上传 1 条")

    found(manager, plate).click()
    manager.get_by_role("button", name="转店").click()
    dialog = manager.locator("move-dialog dialog[open]")
    dialog.get_by_role("group", name="转到哪家店").get_by_role("button").filter(has_text="广州").first.click()
    dialog.get_by_label("原因").fill("客户搬到广州")
    dialog.get_by_role("button", name="转过去").click()
    expect(manager.get_by_text("这份车档已转到对方门店。")).to_be_visible()
    expect(found(manager, plate)).to_have_count(0)

    agent.context.set_offline(False)
    sync(agent)
    expect(found(agent, plate)).to_have_count(0)
    sync(there)
    found(there, plate).click()
    expect(there.get_by_role("region", name="车档内容")).to_contain_text("搬家前打的电话")
    assert server.rows("SELECT part FROM vehicle WHERE id = ?", car) == [("B:GZ01",)]


def test_a_second_post_brings_its_branch_and_losing_it_takes_it_away(tablet, server):
    """The data of a branch come with its keys, and leave the tablet with the post."""
    _car, plate = a_car(server, "B:GZ01")
    page = tablet("sz01.cs2")
    give_posts(server, "sz01.cs2", lambda posts: [*posts, {"branch": "GZ01", "role": "cs_agent"}])
    sync(page)
    page.get_by_role("button", name="切换门店").click()
    page.locator("dialog[open], .popover").get_by_role("button", name=re.compile("广州")).first.click()
    synced(page)
    expect(found(page, plate)).to_have_count(1)

    give_posts(server, "sz01.cs2", lambda posts: [post for post in posts if post["branch"] != "GZ01"])
    sync(page)
    expect(found(page, plate)).to_have_count(0)
    kept = page.evaluate(
        """() => new Promise((done, fail) => {
          const asked = indexedDB.open("cache");
          asked.onerror = () => fail(asked.error);
          asked.onsuccess = () => {
            const all = asked.result.transaction("cursors").objectStore("cursors").getAllKeys();
            all.onsuccess = () => { asked.result.close(); done(all.result); };
          };
        })"""
    )
    assert sorted(kept) == ["B:SZ01", "GRP"]
