"""What a file is, without running anything in it: `detector-export inspect FILE`."""
