"""`python -m jixiao`: the same door as the console script."""

import sys

from jixiao.cli import main

sys.exit(main())
