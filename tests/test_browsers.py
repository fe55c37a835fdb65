"""The browsers of the tests: found, installed where that is ours to do, or named."""

import os

import pytest

from local import browsers, setup
from local.processes import CannotRun


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with nothing on PATH; gives a function that puts a program there."""
    for name in browsers.PROGRAMS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(name):
        tmp_path.joinpath(name).write_text("#!/bin/sh\n")
        tmp_path.joinpath(name).chmod(0o755)
        return str(tmp_path / name)

    return put


def test_what_is_on_path_or_named_is_used(bare, monkeypatch):
    esr, mine = bare("firefox-esr"), bare("my-chromium")
    monkeypatch.setenv("CHROMIUM", mine)

    assert browsers.missing() == []
    assert (browsers.browser("FIREFOX"), browsers.browser("CHROMIUM")) == (esr, mine)


def test_the_headless_shell_is_used_where_it_is_and_no_other_is_named(bare, monkeypatch):
    chromium = bare("chromium")
    without = browsers.chromium_without_windows()
    shell = bare("chromium-headless-shell")
    with_it = browsers.chromium_without_windows()
    monkeypatch.setenv("CHROMIUM", bare("my-chromium"))

    assert (without, with_it) == (chromium, shell)
    assert browsers.chromium_without_windows() == browsers.browser("CHROMIUM") != chromium


def test_what_is_missing_is_named_with_what_to_do(bare):
    bare("chromium")

    assert browsers.missing() == ["FIREFOX"]
    with pytest.raises(CannotRun, match=r"There is no Firefox: install it .*apt-get install firefox-esr.*FIREFOX"):
        browsers.browser("FIREFOX")


def test_apt_installs_as_root_on_debian_and_nobody_else_does(bare, monkeypatch):
    debian = (
        browsers.Path("/etc/os-release").is_file() and "\nID=debian\n" in browsers.Path("/etc/os-release").read_text()
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    without_apt = browsers.apt(["FIREFOX"])
    bare("apt-get")
    as_root = browsers.apt(["FIREFOX"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert without_apt is None
    assert (as_root is not None and as_root[-1].endswith("--no-install-recommends firefox-esr")) == debian
    assert browsers.apt(["FIREFOX"]) is None


def test_setup_goes_on_without_browsers_that_are_not_its_to_install(bare, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert setup.browsers_for_tests() is None

    assert "will fail without Chromium and Firefox" in capsys.readouterr().out
