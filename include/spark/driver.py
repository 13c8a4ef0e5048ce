"""What spark-submit starts: one step of a month. See ``cakupan.runs.submitted``."""

import sys

from cakupan.runs.submitted import main

sys.exit(main(*sys.argv[1:]))
