"""Set nbval up, however pytest is called."""

pytest_plugins = ["authoring.nbval_kernels"]

# Their stubs raise on purpose, and nothing is stored to compare with: tests/assignments/ runs them instead.
collect_ignore = ["notebooks/assignments"]
