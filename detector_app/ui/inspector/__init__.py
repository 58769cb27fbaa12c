"""The inspector: what became of every candidate of the shown frame, stage by stage."""
