"""The benchmark: ratios side by side in one run (design 11). `make bench`, or `python -m tests.bench --only link`.

It judges nothing but prints what it finds: the exit code is 0 whatever the figures are, and no test depends on them.
"""
