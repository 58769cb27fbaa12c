"""``python -m detector_app`` is ``detector-app``."""

import sys

from detector_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
