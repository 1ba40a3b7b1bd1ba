"""Run a notebook's answers in bubblewrap, one question after the other, and bring back plain arrays.

Three ways; `asking.usable` tries the first two in this order:

forked   one bubblewrap per worker. A zygote in it imports TensorFlow once, and for each submission forks a child into
         namespaces nested in those of bubblewrap: a submission harms neither the zygote nor the next one.
fresh    one bubblewrap per submission, where this machine does not let namespaces be nested. TensorFlow is imported
         each time.
unsafe   no bubblewrap. Only if asked for by `--unsafe-no-sandbox`.

What is expected of an answer never enters; it is compared outside, by `grading.judging`.

exam        what is asked of a submission, and what came back
bubblewrap  how a sandbox is started and ended
limits      how much memory and processor time, and how many processes it may use
child       one run of a notebook: its clock, its socket, and how it ended
replies     what such a run may reply
asking      loads a notebook in a child and makes the calls; holds what a worker keeps
inside/     the half that runs inside, beside students' code
"""
