"""`python -m storefront_backend.running`: Pavilion until Ctrl-C."""

import sys

from storefront_backend.running.supervisor import main

sys.exit(main())
