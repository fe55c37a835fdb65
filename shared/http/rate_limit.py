"""Token buckets in memory: so many at once, then one in so many seconds, for each key and each instance."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimiter:
    """A bucket a key. The keys used last are kept, at most `most`: who is forgotten has a full bucket again."""

    def __init__(self, burst: int, seconds_per_token: float, most: int, clock: Callable[[], float] = time.monotonic):
        self._burst, self._seconds_per_token, self._most, self._clock = burst, seconds_per_token, most, clock
        self._taking = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key: tokens left, and when that was

    def wait(self, key: str) -> int:
        """Take a token: 0, or the seconds until there is one, and then none is taken."""
        now = self._clock()
        with self._taking:
            left, before = self._buckets.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - before) / self._seconds_per_token)
            missing = max(0.0, 1 - left)
            self._buckets[key] = (left if missing else left - 1, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        return math.ceil(missing * self._seconds_per_token)
