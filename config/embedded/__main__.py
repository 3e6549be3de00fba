"""Runs the command: python -m config.embedded."""

import sys

from config.embedded.start import main

sys.exit(main())
