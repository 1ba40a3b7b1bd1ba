"""Find bubblewrap, in which students' code is run, or install Debian's package of it where this user may.

python -m tools.bubblewrap           # print which one is used; install one if there is none
"""

import os
import shutil
import subprocess
import sys

INSTALL_SECONDS = 300
HOW = "no bubblewrap here, and none could be installed: sudo apt-get install bubblewrap, or your system's package of it"


def install() -> None:
    """Install Debian's package, if this user may; whether it is there then is for the caller to see."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    package = ("apt-get", "install", "-y", "--no-install-recommends", "bubblewrap")
    # a new container has no package lists yet
    for command in (package, ("apt-get", "update"), package):
        print("$", *command, file=sys.stderr, flush=True)
        subprocess.run(command, env=environment, stdout=sys.stderr, timeout=INSTALL_SECONDS, check=False)
        if shutil.which("bwrap"):
            return


def main() -> int:
    """Print where bubblewrap is; return 0, or 1 with one line that says what to do."""
    if sys.platform != "linux":
        print("bubblewrap: only on Linux; submissions cannot be graded here, nor that be tested")
        return 0
    if not shutil.which("bwrap"):
        install()
    if not (program := shutil.which("bwrap")):
        print(HOW, file=sys.stderr)
        return 1
    print(f"bubblewrap: {program}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
