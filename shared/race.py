"""Read, then write on the condition that nobody wrote in between: what a transaction would do for us."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from google.api_core import exceptions as cloud

T = TypeVar("T")

ATTEMPTS = 8
LOST = (cloud.FailedPrecondition, cloud.AlreadyExists, cloud.NotFound, cloud.Aborted)


def repeated(read_then_write: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """The result of the first try that no other writer got in the way of; the last try's error is raised."""
    for attempt in range(attempts - 1):
        try:
            return read_then_write()
        except LOST:
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
    return read_then_write()
