"""The command `provenance`, also as `python -m provenance`."""

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit; Ctrl-C is one line even while the modules are loaded."""
    # NumPy's linear algebra starts a thread a core, which costs more than all that is small here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is read and found mostly stays: looking for cycles at every 700 objects finds none.
    gc.set_threshold(100_000, 50, 100)
    try:
        from provenance.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("provenance: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
