"""`python -m rallytui`."""

import sys

from rallytui.cli import main

sys.exit(main())
