"""The command `provenance`, also as `python -m provenance`."""

import sys


def main() -> None:
    """Run the command line and exit; Ctrl-C is one line even while the modules are loaded."""
    try:
        from provenance.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("provenance: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
