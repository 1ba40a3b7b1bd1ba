"""Settings of the kernel that executes the lessons, for `make sync` and for nbval alike."""

c = get_config()  # noqa: F821 (IPython provides it)

# TensorFlow's C++ code logs to the process's stderr before any setting can silence it
# (tensorflow/tensorflow#100442). A learner on Colab does not see these lines, so they are not stored.
# Warnings raised in Python still are, and a test refuses them.
c.IPKernelApp.capture_fd_output = False

# Each figure is one small SVG that the site can recolour for dark mode. No date, so that every run gives equal bytes.
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None, "Creator": None}}

c.HistoryManager.enabled = False
