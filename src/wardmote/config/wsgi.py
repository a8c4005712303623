"""The application that granian serves."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardmote.config.settings")

from django.core.wsgi import get_wsgi_application

from wardmote.config.renamed import rewrite_settings_file

# A server of somebody's own may be all that ever opens the home.
rewrite_settings_file(Path(os.environ.get("WARDMOTE_HOME") or "var"))
application = get_wsgi_application()
