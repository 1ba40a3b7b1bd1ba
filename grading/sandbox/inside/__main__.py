"""What the grader starts: see zygote.py."""

import sys

from grading.sandbox.inside.zygote import main

main(*sys.argv[1:])
