"""Give the libraries that answers compute with one thread each, as the sandbox does; NumPy is not imported yet.

Pytest's workers compute beside each other. A NumPy with two threads takes up to ten times the processor's time there.
"""

import os

from course import processes

os.environ.update(processes.ONE_THREAD)
