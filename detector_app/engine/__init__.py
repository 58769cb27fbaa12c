"""Mailboxes, workers, the controller and statistics. No Qt here."""
