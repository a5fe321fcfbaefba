"""The window as tests of the shell have it."""

from tests.ui.shell.conftest import balanced as balanced
from tests.ui.shell.conftest import clerk as clerk
from tests.ui.shell.conftest import file as file
from tests.ui.shell.conftest import start as start
from tests.ui.shell.conftest import window as window
