"""Whether the tests catch every fault that is planted in firestore.rules.

    make mutants    all, two at a time (ONLY=isSave: those in whose name that is; CAUGHT=1: say what catches each)

The rules' tests are collected once. Each mutant is loaded for a project of its own, and a fork runs the tests in that
project until one fails, those first that caught something near it. A mutant that none catches is a survivor:
survivors.json says why. One that is not in it, or is in it and caught by now, fails the command.
"""

import json
import os
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from local import firestore
from local.processes import CannotRun
from tests.mutants.rules import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
SURVIVORS = Path(__file__).with_name("survivors.json")  # {name of the mutant: why nothing catches it}
TESTS = [*sorted(ROOT.glob("tests/test_rules_*.py")), ROOT / "tests/test_roles.py", ROOT / "tests/test_attacks.py"]
AT_ONCE = 2
ENOUGH = 0.95  # of all mutants are caught


class Hunt:
    """Runs the collected tests once for each mutant."""

    def __init__(self, wanted: list[Mutant], folder: Path) -> None:
        self.wanted = wanted
        self.folder = folder
        self.failed = ""  # in a fork: the test that did
        self.caught_by: dict[str, str] = {}  # name of the mutant -> the test; "" if there is none
        # scope -> the tests that caught something in it, the newest first
        self.near: dict[str, list[str]] = defaultdict(list)
        self.broken: list[Mutant] = []
        self.control = ""  # the test that fails though nothing was changed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        told = self.folder / "control.txt"
        os.waitpid(self._forked(session, "", os.environ["GOOGLE_CLOUD_PROJECT"], told), 0)
        self.control = told.read_text()  # it would "catch" every mutant
        if self.control:
            return True
        waiting = list(enumerate(self.wanted))[::-1]
        running: dict[int, tuple[Mutant, str, Path]] = {}
        began = time.monotonic()
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                number, mutant = waiting.pop()
                told = self.folder / f"{number}.txt"
                try:
                    project = self._loaded(number, mutant)
                except CannotRun:
                    self.broken.append(mutant)
                    continue
                running[self._forked(session, mutant.scope, project, told)] = (mutant, project, told)
            if running:
                mutant, project, told = running.pop(os.wait()[0])
                clear(project)  # a thousand tests leave much in the emulator's memory
                self._ended(mutant, told.read_text())
            if waiting and len(waiting) % 100 == 0:
                say(f"  {len(waiting)} to go, {time.monotonic() - began:.0f} s")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid

    def _loaded(self, number: int, mutant: Mutant) -> str:
        """A project under these rules."""
        rules = self.folder / f"{number}.rules"
        rules.write_text(mutant.text)
        firestore.load_rules(os.environ["FIRESTORE_EMULATOR_HOST"], f"demo-mutant-{number}", rules)
        return f"demo-mutant-{number}"

    def _forked(self, session: pytest.Session, scope: str, project: str, told: Path) -> int:
        if pid := os.fork():
            return pid
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.environ["GOOGLE_CLOUD_PROJECT"] = project
            items = self._likely_first(session.items, scope)
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    break
            told.write_text(self.failed)
        finally:
            os._exit(0)

    def _likely_first(self, items: list[pytest.Item], scope: str) -> list[pytest.Item]:
        """What caught something in this scope, then those tests with other parameters, then one of each test."""
        near = {test: place for place, test in enumerate(dict.fromkeys(self.near[scope][:20]))}
        alike = {test.split("[")[0] for test in self.near[scope]}
        of_each: Counter[str] = Counter()
        ranks = {}
        for item in items:
            test = item.nodeid.split("[")[0]
            of_each[test] += 1
            ranks[item.nodeid] = (near.get(item.nodeid, len(near)), test not in alike, of_each[test])
        return sorted(items, key=lambda item: ranks[item.nodeid])

    def _ended(self, mutant: Mutant, test: str) -> None:
        self.caught_by[mutant.name] = test
        if test:
            self.near[mutant.scope].insert(0, test)
        else:
            say(f"  survived, line {mutant.line}: {mutant.name}")
        if os.environ.get("CAUGHT"):
            say(f"  {mutant.name}: {test}")


def say(line: str, end: str = "\n") -> None:
    """Past pytest, which has standard output."""
    os.write(2, f"{line}{end}".encode())


def clear(project: str) -> None:
    at = os.environ["FIRESTORE_EMULATOR_HOST"]
    documents = f"http://{at}/emulator/v1/projects/{project}/databases/(default)/documents"
    urllib.request.urlopen(urllib.request.Request(documents, method="DELETE"), timeout=60).close()


def main() -> int:
    """The command's exit status."""
    only = os.environ.get("ONLY", "")
    wanted = [one for one in mutants(firestore.RULES.read_text()) if only in one.name]
    say(f"{len(wanted)} mutants of {firestore.RULES.name}, {len(TESTS)} files of tests")
    with TemporaryDirectory(prefix="mutants-") as folder:
        hunt = Hunt(wanted, Path(folder))
        pytest.main(["-qq", "-p", "no:cacheprovider", *map(str, TESTS)], plugins=[hunt])
    return reported(hunt, partly=bool(only))


def reported(hunt: Hunt, partly: bool) -> int:
    if hunt.control:
        say(f"fails though nothing was changed, so no mutant was tried: {hunt.control}")
        return 1
    reasons = json.loads(SURVIVORS.read_text())
    survivors = [name for name, test in hunt.caught_by.items() if not test]
    unexplained = [name for name in survivors if name not in reasons]
    stale = [name for name in reasons if name not in survivors and (name in hunt.caught_by or not partly)]
    caught = len(hunt.caught_by) - len(survivors)
    for name in survivors:
        say(f"survived: {name}\n          {reasons.get(name, 'survivors.json does not say why')}")
    for name in stale:
        say(f"caught by now, or gone: take it out of survivors.json: {name}")
    for mutant in hunt.broken:
        say(f"the rules do not compile: line {mutant.line}: {mutant.name}")
    share = caught / max(1, len(hunt.caught_by))
    say(f"{len(hunt.caught_by)} mutants, {caught} caught ({share:.1%}), {len(survivors)} survived", end="")
    say(f", {len(unexplained)} of them without a reason")
    failed = unexplained or stale or hunt.broken or share < ENOUGH
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
