# @title Setup: run this first, it says what is missing. The same in every lesson.
import os
from importlib.util import find_spec

os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever keras.json says
os.environ["TF_USE_LEGACY_KERAS"] = "0"  # importing transformers sets it to 1
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

INSTALL = "Run  %pip install tensorflow matplotlib scipy scikit-learn  and this cell again."
UPDATE = (
    "Run  %pip install --upgrade tensorflow  then restart the kernel and run this cell first."
)
RESTART = "Restart the kernel and run this cell before any other."


def need(fits, found, needed, cure):
    """Stop, and say what was found, what is needed and what to do, unless it fits."""
    assert fits, f"Found: {found}. Needed: {needed}. {cure}"


def at_least(version, *oldest):
    """Tell whether a version such as "2.18.0rc1" is at least (2, 18)."""
    return tuple(int(part) for part in version.split(".")[:2]) >= oldest


wanted = ["tensorflow", "matplotlib", "scipy", "sklearn"]
absent = [name for name in wanted if not find_spec(name)]
need(not absent, f"no package {', no '.join(absent)}", "all of " + ", ".join(wanted), INSTALL)
try:
    import keras
    import numpy as np
    import tensorflow as tf
except (ImportError, AttributeError) as why:  # such as a TensorFlow made for an older NumPy
    need(False, f"TensorFlow cannot be imported ({why})", "TensorFlow 2.18 or newer", UPDATE)

need(at_least(tf.__version__, 2, 18), f"TensorFlow {tf.__version__}", "2.18 or newer", UPDATE)
need(at_least(keras.__version__, 3, 5), f"Keras {keras.__version__}", "3.5 or newer", UPDATE)
need(at_least(np.__version__, 1, 26), f"NumPy {np.__version__}", "1.26 or newer", UPDATE)
backend = keras.config.backend()
need(backend == "tensorflow", f"Keras runs on {backend} already", "on TensorFlow", RESTART)
try:
    of_tf = tf.keras.__version__
except (ImportError, AttributeError):
    of_tf = "2"
legacy = "tf.keras is the old Keras 2: TF_USE_LEGACY_KERAS was 1 at the import of TensorFlow"
need(at_least(of_tf, 3), legacy, "Keras 3", RESTART)

tf.config.experimental.enable_tensor_float_32_execution(False)  # float32 means float32
device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")
print(f"running on a {device}")
