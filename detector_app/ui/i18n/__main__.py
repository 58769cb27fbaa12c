"""Bring the translations up to date: collect the texts, compile what is translated, say what is not."""

from __future__ import annotations

import sys

from detector_app.ui.i18n.catalogue import compile_catalogue, unfinished, update


def main() -> int:
    """Update and compile; exit code 1 while a text has no translation."""
    missing = unfinished(update())
    compile_catalogue()
    for text in missing:
        print(text)
    print(f"{len(missing)} texts without a translation" if missing else "Every text is translated")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
