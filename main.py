"""The entry points: the list of what is deployed, each with its own --entry-point.

It stands at the root because functions-framework puts only the source file's own folder on sys.path: with
FUNCTION_SOURCE=functions/session.py, `import shared` fails.
"""

from functions.objects import objects
from functions.projects import projects
from functions.session import session

__all__ = ["objects", "projects", "session"]
