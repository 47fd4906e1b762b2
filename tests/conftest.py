"""What takes longest comes first, so that both cores are busy to the end."""

LONG = ("test_dag.py", "test_seed.py", "test_real.py")


def pytest_collection_modifyitems(items):
    """Order files: the whole runs of the workflow, then the rest as it stands."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
