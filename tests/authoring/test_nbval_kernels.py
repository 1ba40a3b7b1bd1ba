"""How pytest-xdist shares the tests out; tests/notebooks/ tries nbval itself."""

from xdist import plugin


def test_one_worker_more_than_processors_or_as_many_as_are_asked_for(pytestconfig, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_AUTO_NUM_WORKERS", raising=False)
    workers = pytestconfig.hook.pytest_xdist_auto_num_workers
    assert workers(config=pytestconfig) == plugin.pytest_xdist_auto_num_workers(pytestconfig) + 1
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "5")
    assert workers(config=pytestconfig) == 5
