"""Start the kernels of nbval in the environment that the lessons are executed in, however pytest is called."""

import os

from course import lesson_kernel

os.environ.update(lesson_kernel.environment())

# Their stubs raise on purpose, and nothing is stored to compare with: tests/assignments/ runs them instead.
collect_ignore = ["notebooks/assignments"]
