"""A user of the page: a real Chromium and everything that it complains about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, Route

from local.client import LocalhostTransport
from testkit.whole_stack import WholeStack, create_batch

MISSING = "The tests of the page need Chromium; install it, on Debian and Ubuntu with `apt-get install chromium`."
# Chromium without its own windows starts a page in a third of the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# The name of another site, which resolves to this machine.
EVIL = "evil.example"
# Nothing but the page under test is fetched; there is no sandbox where the tests run as root.
_OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"),
]
_TELL_VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective}`))"
Motion = Literal["no-preference", "reduce"]
# The browser reports every refused request; the tests check how the page handles it instead.
_NOT_OURS = "Failed to load resource"


def untitled(video_id: str) -> str:
    """The page's name for a video whose title is not known yet."""
    return f"Video at youtu.be/{video_id}"


def launch(playwright: Playwright) -> Browser:
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise RuntimeError(MISSING)
    return playwright.chromium.launch(executable_path=path, args=_OPTIONS)


@dataclass
class Visitor:
    """A user without batches, with the page as this user sees it."""

    stack: WholeStack
    context: BrowserContext
    page: Page
    email: str
    password: str
    complaints: list[str] = field(default_factory=list)

    @property
    def sign_in_url(self) -> str:
        fragment = urlencode({"username": self.email, "password": self.password})
        return f"{self.stack.local.description['page_url']}#/sign-in?{fragment}"

    @property
    def origin(self) -> str:
        return str(self.stack.local.description["page_url"]).removesuffix("/")

    def sign_in(self) -> None:
        self.page.goto(self.sign_in_url)
        self.page.get_by_role("button", name="Sign in").click()
        self.heading("Summarize videos").wait_for()
        self.page.locator(".settings > summary").click()
        # A model with a key comes first; most tests are not about one.
        self.page.get_by_label("Key sentences only").check()

    def sign_in_at(self, place: str) -> None:
        """Opens the address with this part behind `#`, where the page asks its visitor to sign in first."""
        self.page.goto(f"{self.origin}/#{place}")
        self.page.get_by_label("Email").fill(self.email)
        self.page.get_by_role("textbox", name="Password").fill(self.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    def go(self, place: str) -> None:
        """Opens the address with this part behind `#`."""
        self.page.evaluate("place => { location.hash = place }", place)

    def paste(self, *lines: str) -> None:
        self.page.get_by_label("Links", exact=True).fill("\n".join(lines))

    def open_draft(self, *lines: str) -> str:
        """Signs in at a new draft of these links; returns its id."""
        return self._open(*lines, start=False)

    def open_batch(self, *lines: str) -> str:
        """Signs in at a new batch of these links, which begins at once; returns its id."""
        return self._open(*lines, start=True)

    def _open(self, *lines: str, start: bool) -> str:
        with closing(self.stack.client_of(self.email, self.password)) as api:
            batch_id = str(create_batch(api, *lines, start=start)["id"])
        self.sign_in_at(f"/batch/{batch_id}")
        return batch_id

    def create(self, action: str, *lines: str) -> str:
        """Creates a batch of these links; returns its id."""
        self.paste(*lines)
        self.page.get_by_role("button", name=action).click()
        self.page.wait_for_url("**/#/batch/*")
        return self.page.url.rpartition("/")[2]

    def command(self, name: str) -> None:
        """Gives the batch a command: by its button, or from the menu of the further ones.

        As the batch goes on, a command may move from one to the other. The menu's button stands behind all others, so
        it is clicked only if the command has none at that moment.
        """
        commands, menu = self.page.locator(".commands"), self.page.get_by_role("dialog", name="More", exact=True)
        button, more = (commands.get_by_role("button", name=each, exact=True) for each in (name, "More"))
        button.or_(more).first.click()
        if menu.is_visible():
            menu.get_by_role("button", name=name, exact=True).click()

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=True)

    def row(self, title: str) -> Locator:
        return self.page.get_by_role("listitem").filter(has=self.page.get_by_role("link", name=title, exact=True))

    def titles(self) -> list[str]:
        """Returns the titles of the visible rows, from the top; rows are drawn a frame after what is said of them."""
        return self.page.locator(".row .title").all_inner_texts()

    def resize(self, width: int, height: int) -> None:
        """Changes the size of the window, and waits until the page has adapted to those of its parts."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def axe_problems(self, *rules: str) -> list[str]:
        """Returns the violations of axe's rules, or only of these if any are named."""
        options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        run = "async (options) => (await axe.run(options)).violations"
        found: list[dict[str, Any]] = self.page.evaluate(run, options)
        return [f"{each['id']}: {node['html'][:150]} {node['target']}" for each in found for node in each["nodes"]]

    def listen(self) -> None:
        self.context.add_init_script(_TELL_VIOLATIONS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _NOT_OURS not in message.text:
            self.complaints.append(message.text)


@dataclass
class Held:
    """Intercepted requests that wait for their answer until the test gives it: `page.route(address, held.hold)`."""

    page: Page
    routes: list[Route] = field(default_factory=list)

    def hold(self, route: Route) -> None:
        self.routes.append(route)

    def hold_first(self, route: Route) -> None:
        """Holds one request. With `times=1` the browser would let that request go once no other route is left."""
        if self.routes:
            route.continue_()
        else:
            self.hold(route)

    def first(self) -> Route:
        while not self.routes:
            self.page.wait_for_timeout(20)
        return self.routes[0]


def fetched(route: Route, content: bytes | None = None) -> httpx.Response:
    """Answers an intercepted request with the server's answer, or with `content` in its place.

    `route.fetch` does not find names below localhost.
    """
    request = route.request
    content = request.post_data_buffer if content is None else content
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    with httpx.Client(transport=LocalhostTransport(), timeout=30) as client:
        return client.request(request.method, request.url, headers=headers, content=content)


@contextmanager
def visit(
    browser: Browser, stack: WholeStack, *, reduced_motion: Motion = "reduce", **options: Any
) -> Iterator[Visitor]:
    """Opens the page, and checks at the end that neither its policy nor a script has reported an error.

    Mostly nothing moves on it: its transitions take a seventh of the browser's time, and axe would see half of one.
    """
    context = browser.new_context(accept_downloads=True, reduced_motion=reduced_motion, **options)
    visitor = Visitor(stack, context, context.new_page(), *stack.new_user())
    visitor.listen()
    yield visitor
    context.close()
    assert visitor.complaints == []
