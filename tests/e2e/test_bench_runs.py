"""The measuring code itself runs, on a branch that takes seconds; what it measures is judged by people."""

from tests.bench.browsing import Tablet, make_branch, profile, served
from tests.bench.changes import change


def test_a_small_branch_goes_the_way_of_the_big_one(browser, tmp_path):
    """First sync, search, files, a pull, reopening without network, and the floor over the same chunks."""
    with served(make_branch(tmp_path, 120), tmp_path / "data") as server:
        with profile(browser, server) as context:
            tablet = Tablet(context)
            first = tablet.do("first")
            assert first["usable"] > 0 and first["stored"] > 0
            assert len(tablet.do("search", 5)) > 20
            assert len(tablet.do("files", 5)) == 5
            assert tablet.do("pull", change(server.data_dir, 20, 1)) > 0
            assert tablet.do("save", 3) > 0
            assert tablet.do("push")["parked"] == 0
            tablet.page.close()
            tablet = Tablet(context)
            context.set_offline(True)
            assert tablet.do("again")["list"] > 0
            assert tablet.heap_bytes() > 1_000_000
        with profile(browser, server) as context:
            assert Tablet(context, "floor").do("first")["rows"] > 120
