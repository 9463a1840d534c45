"""Lets ``python3 -m conf.setup`` run set-up."""

import sys

from conf.setup.main import main

sys.exit(main(sys.argv[1:]))
