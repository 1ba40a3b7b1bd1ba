"""Find bubblewrap, in which students' code is run, or install Debian's package of it if this user may.

python -m grading.sandbox.install    # print which one is used; install it if there is none
"""

import shutil
import sys

from course import debian

HOW = "no bubblewrap here, and none could be installed: sudo apt-get install bubblewrap, or your system's package of it"


def main() -> int:
    """Print where bubblewrap is; return 0, or 1 with one line that says what to do."""
    if sys.platform != "linux":
        print("bubblewrap: runs only on Linux; here submissions cannot be graded, nor can that be tested")
        return 0
    if not shutil.which("bwrap"):
        debian.install("bubblewrap", lambda: shutil.which("bwrap") is not None)
    if not (program := shutil.which("bwrap")):
        print(HOW, file=sys.stderr)
        return 1
    print(f"bubblewrap: {program}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
