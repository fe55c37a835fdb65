"""A tool in React keeps its work by one hook that has the design document's verbs."""

import subprocess
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from local.stack import ROOT

HTML = b"""<!doctype html>
<title>A tool</title>
<link rel="icon" href="/favicon.svg">
<div id="root"></div>
<script type="module" src="/react/page.js"></script>"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The page's script, with React in it; the Firebase SDK stays where Hosting has it."""
    made = tmp_path_factory.mktemp("react") / "page.js"
    command = [
        *("node_modules/.bin/esbuild", "tests/browser/react-page/page.jsx", f"--outfile={made}"),
        *("--bundle", "--format=esm", "--jsx=automatic", "--external:/vendor/*", "--log-level=warning"),
        '--define:process.env.NODE_ENV="production"',
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return made.read_bytes()


@pytest.fixture
def tool(desk, bundle):
    """The page under the same policy as our own."""
    with urlopen(desk.stack.url) as ours:
        policy = ours.headers["Content-Security-Policy"]
    desk.net.files = {"/react/": ("text/html", HTML), "/react/page.js": ("text/javascript", bundle)}
    desk.net.policy = policy
    tab = desk.tab()
    tab.page.goto(f"{tab.url}/react/")
    return tab


@pytest.mark.chromium
def test_the_verbs_of_the_design_document_do_what_they_say(desk, tool):
    page = tool.page
    button = lambda name: page.get_by_role("button", name=name, exact=True)  # noqa: E731

    # updateToolState, restoreSession
    page.get_by_label("Name").press_sequentially("Sunblade")
    expect(page.get_by_label("Name")).to_have_value("Sunblade")
    button("Save").click()
    expect(page.get_by_role("status")).to_have_text("saved")
    assert tool.draft() == {"name": "Sunblade"}
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("Sunblade")
    expect(page.get_by_test_id("project")).to_have_text("no project")

    # saveAsGlobalObject: the draft becomes a project, and the project an object
    button("Promote").click()
    expect(page.get_by_test_id("object")).to_have_text("Sunblade")
    expect(page.get_by_test_id("project")).to_have_text("Sunblade")
    [[project, stored]] = tool.projects().items()
    assert stored == {"name": "Sunblade", "project": "Sunblade"}
    [thing] = tool.ask("GET", "/api/objects")["objects"]
    assert thing["name"] == "Sunblade"

    # saveCurrentProject
    page.get_by_label("Quote").press_sequentially("It dawns.")
    button("Save").click()
    expect(page.get_by_role("status")).to_have_text("saved")
    whole = {"name": "Sunblade", "quote": "It dawns.", "project": "Sunblade"}
    assert tool.projects() == {project: whole}

    # newProject, openProject
    button("New").click()
    expect(page.get_by_test_id("project")).to_have_text("no project")
    expect(page.get_by_label("Name")).to_have_value("")
    page.get_by_label("Which").fill(project)
    button("Open").click()
    expect(page.get_by_label("Quote")).to_have_value("It dawns.")
    assert tool.projects() == {project: whole}
