"""The translations of the window, and the tool that keeps them complete: ``python -m detector_app.ui.i18n``."""
