"""What the prose says in numbers, and whether the tables say the same (正文与表).

`figures` finds the numbers, `reading` what they speak of, `comparing` what the tables say of that. May be called from
outside: `compared`, `bindable`, `followable`, `words_of`, `CLAIM`.
"""

from gxeditor.core.checks.claims.comparing import CLAIM as CLAIM
from gxeditor.core.checks.claims.comparing import Compared as Compared
from gxeditor.core.checks.claims.comparing import bindable as bindable
from gxeditor.core.checks.claims.comparing import compared as compared
from gxeditor.core.checks.claims.comparing import followable as followable
from gxeditor.core.checks.claims.reading import words_of as words_of
