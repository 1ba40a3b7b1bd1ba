"""A reader's window in Chromium, Firefox or WebKit: what the checks of test_engines.py may do in it, and no more.

Playwright drives Chromium, and its own builds of Firefox and WebKit. It cannot drive the system's. Those two speak
WebDriver: WebKit over HTTP, Firefox in the form that it calls Marionette, which needs no driver between. The commands
are the same for both.
"""

import json
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import page_checks
import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from waiting import until

from website import browser as browsers

Command = Callable[[str, dict[str, Any]], dict[str, Any]]  # what WebDriver calls it and takes; its answer

HEIGHT = 844  # pixels, of a phone
START_SECONDS = 120
SESSION = {"capabilities": {"alwaysMatch": {"timeouts": {"script": START_SECONDS * 1000}}}}
# put into every page before its scripts; of images and scripts that do not load one hears only while capturing
RECORDER = """<script>
window.recordedFaults = [];
addEventListener("error", ({ target, message }) =>
  recordedFaults.push(target === window ? `uncaught: ${message}` : `did not load: ${target.src ?? target.href}`), true);
addEventListener("unhandledrejection", ({ reason }) => recordedFaults.push(`uncaught: ${reason}`));
window.sayError = console.error;
console.error = (...words) => recordedFaults.push(words.join(" ")) && sayError.apply(console, words);
</script>"""
# The window of WebKitGTK's MiniBrowser cannot be narrower than its buttons: 447 pixels. A phone is.
NO_BUTTONS = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px }"
PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.region.network.url": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
}
KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Escape": "\ue00c", "End": "\ue010",
    "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015",
}  # fmt: skip


class EngineError(Exception):
    """An engine is missing or does not start; the text is one line that says what to do."""


class Window:
    """What can be done in a window of any engine. A `script` is the source of a function of one argument or none."""

    def go(self, address: str) -> None:
        """Go to an address, and wait until it has loaded."""
        raise NotImplementedError

    def run(self, script: str, argument: Any = None) -> Any:
        """Call a function in the page and return its result, or that of its promise."""
        raise NotImplementedError

    def press(self, keys: str) -> None:
        """Press a key, or several at once: "Enter", "Control+k"."""
        raise NotImplementedError

    def click(self, x: int, y: int) -> None:
        """Click with the main button, at pixels from the left and the top of the window."""
        raise NotImplementedError

    def address(self) -> str:
        """Return the address of the page that is shown."""
        raise NotImplementedError

    def type(self, text: str) -> None:
        """Press the key of each character."""
        for character in text:
            self.press(character)

    def click_on(self, found: str, across: float = 0.5) -> None:
        """Bring what an expression finds into the window, and click on it, this far from its left edge."""
        place = f"""async (across) => {{
            const wanted = {found};
            const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            wanted.scrollIntoView({{ block: "center", behavior: "instant" }});
            await drawn(); // what comes near the window is laid out then, and may move
            wanted.scrollIntoView({{ block: "center", behavior: "instant" }});
            await drawn();
            const {{ left, top, width, height }} = wanted.getBoundingClientRect();
            return [Math.round(left + width * across), Math.round(top + height / 2)];
        }}"""
        self.click(*self.run(place, across))

    def wait(self, script: str, argument: Any = None) -> Any:
        """Call a function in the page until it returns something true, and return that."""
        return until(lambda: self.run(script, argument), script)

    def arrive(self, part: str) -> None:
        """Wait until the page is one whose address has this part, and has loaded."""
        until(lambda: part in self.address(), f"{part} in the address")
        self.wait("() => document.readyState === 'complete'")

    def check(self, function: str, argument: Any = None) -> Any:
        """Call a function of page_checks.js in the page."""
        if not self.run("() => 'pageChecks' in window"):
            self.run(f"() => {{ {page_checks.IN_PAGE} }}")
        return self.run(f"(argument) => pageChecks.{function}(argument)", argument)

    def faults(self) -> list[str]:
        """Return the errors of the page that is shown, one line each."""
        return self.run("() => window.recordedFaults")


class PlaywrightWindow(Window):
    """A page of Playwright, in a context of its own."""

    def __init__(self, page: Page):
        self.page = page

    def go(self, address: str) -> None:
        self.page.goto(address)

    def run(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(f"(argument) => ({script})(argument)", argument)

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def click(self, x: int, y: int) -> None:
        self.page.mouse.click(x, y)

    def address(self) -> str:
        # lets Playwright hear of a navigation, which a sleep of ours would not
        self.page.wait_for_timeout(20)
        return self.page.url


class DriverWindow(Window):
    """The one window of a session of WebDriver."""

    def __init__(self, command: Command):
        self.command = command

    def go(self, address: str) -> None:
        self.command("Navigate", {"url": address})

    def run(self, script: str, argument: Any = None) -> Any:
        whole = f"""const [argument, done] = arguments;
            const said = Promise.resolve(argument).then({script});
            said.then((value) => done({{ value }}), (error) => done({{ error: `${{error}}` }}));"""
        answer = self.command("ExecuteAsyncScript", {"script": whole, "args": [argument]})["value"]
        if "error" in answer:
            raise AssertionError(f"{answer['error']} in {script}")
        return answer.get("value")

    def press(self, keys: str) -> None:
        values = [KEYS.get(key, key) for key in (keys.split("+") if len(keys) > 1 else [keys])]
        steps = [{"type": "keyDown", "value": value} for value in values]
        steps += [{"type": "keyUp", "value": value} for value in reversed(values)]
        self.command("PerformActions", {"actions": [{"type": "key", "id": "keyboard", "actions": steps}]})

    def click(self, x: int, y: int) -> None:
        steps = [
            {"type": "pointerMove", "x": x, "y": y, "origin": "viewport", "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self.command("PerformActions", {"actions": [mouse]})

    def address(self) -> str:
        return self.command("GetCurrentURL", {})["value"]

    def resize(self, width: int, height: int) -> None:
        """Give the page, which is smaller than its window, a size in pixels.

        Window and page are measured at one moment: an order that was not carried out yet must not count twice.
        """
        size = "() => [innerWidth, innerHeight, outerWidth - innerWidth, outerHeight - innerHeight]"

        def fits() -> bool:
            *page, beside, above = self.run(size)
            if page == [width, height]:
                return True
            rect = {"x": 0, "y": 0, "width": width + max(0, beside), "height": height + max(0, above)}
            self.command("SetWindowRect", rect)
            return False

        until(fits, f"a page of {width} by {height} pixels")


def over_http(port: int) -> Command:
    """Return how commands are sent to WebKitWebDriver."""
    routes = {
        "NewSession": ("POST", ""),
        "DeleteSession": ("DELETE", ""),
        "Navigate": ("POST", "/url"),
        "GetCurrentURL": ("GET", "/url"),
        "ExecuteAsyncScript": ("POST", "/execute/async"),
        "PerformActions": ("POST", "/actions"),
        "SetWindowRect": ("POST", "/window/rect"),
    }
    session = ""

    def command(name: str, body: dict[str, Any]) -> dict[str, Any]:
        nonlocal session
        method, path = routes[name]
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/session{session}{path}",
            json.dumps(body).encode() if method == "POST" else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(asked, timeout=START_SECONDS) as answer:
                said = json.load(answer)
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"WebKit: {json.load(refused)['value']['message']}") from None
        if name == "NewSession":
            session = f"/{said['value']['sessionId']}"
        return said

    return command


def over_marionette(connection: socket.socket, incoming: BinaryIO) -> Command:
    """Return how commands are sent to Firefox: messages of JSON, each after its length and a colon."""
    number = 0

    def receive() -> Any:
        length = b""
        while (digit := incoming.read(1)) not in (b":", b""):
            length += digit
        return json.loads(incoming.read(int(length)))

    def command(name: str, body: dict[str, Any]) -> dict[str, Any]:
        nonlocal number
        number += 1
        message = json.dumps([0, number, name if ":" in name else f"WebDriver:{name}", body]).encode()
        connection.sendall(b"%d:%b" % (len(message), message))
        _, _, error, answer = receive()
        if error:
            raise AssertionError(f"Firefox: {error['message']}")
        return answer

    receive()  # it says who it is
    return command


@contextmanager
def running(*command: str | Path, folder: Path, **variables: str) -> Iterator[Path]:
    """Run a program that keeps its files in a folder, and end it and all that it started; yield what it prints."""
    environment = (
        os.environ | {f"XDG_{name}_HOME": str(folder) for name in ("CONFIG", "CACHE", "DATA")} | variables
    )
    prints = folder / f"{Path(command[0]).name}.out"
    with prints.open("wb") as out, prints.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    try:
        yield prints
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait()
        for each in psutil.wait_procs(family, timeout=5)[1]:
            each.kill()


@contextmanager
def system_firefox(program: Path, mode: str, folder: Path) -> Iterator[DriverWindow]:
    """Start the system's Firefox without a window on the screen."""
    preferences = PREFERENCES | {
        "layout.css.prefers-color-scheme.content-override": 0 if mode == "dark" else 1
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    port = folder / "MarionetteActivePort"
    options = (
        "--headless",
        "--no-remote",
        "--marionette",
        "--remote-allow-system-access",
        "--profile",
        folder,
    )
    with running(program, *options, folder=folder):
        number = until(lambda: port.is_file() and port.read_text(), "Firefox's port", START_SECONDS)
        with (
            socket.create_connection(("127.0.0.1", int(number)), START_SECONDS) as connection,
            connection.makefile("rb") as incoming,
        ):
            command = over_marionette(connection, incoming)
            command("NewSession", SESSION)
            # its window cannot be narrower than 450 pixels, and a phone is
            command("Marionette:SetContext", {"value": "chrome"})
            command("ExecuteScript", {"script": "document.documentElement.style.minWidth = 0", "args": []})
            command("Marionette:SetContext", {"value": "content"})
            yield DriverWindow(command)


@contextmanager
def system_webkit(program: Path, mode: str, folder: Path) -> Iterator[DriverWindow]:
    """Start WebKitGTK's MiniBrowser on a screen that nobody sees."""
    (folder / "gtk-3.0").mkdir()
    (folder / "gtk-3.0" / "gtk.css").write_text(NO_BUTTONS, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    screen = ("-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp")
    with running(browsers.SCREEN, *screen, folder=folder) as said:
        display = until(lambda: said.read_text().strip(), "the number of the screen", START_SECONDS)
        looks = {"DISPLAY": f":{display}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
        looks["WEBKIT_DISABLE_COMPOSITING_MODE"] = (
            "1"  # there is no graphics card, and one in software is slow
        )
        looks["GTK_THEME"] = "Adwaita:dark" if mode == "dark" else "Adwaita"
        with running(program, f"--port={port}", folder=folder, **looks):
            until(lambda: answers(port), "WebKitWebDriver", START_SECONDS)
            command = over_http(port)
            command("NewSession", SESSION)
            yield DriverWindow(command)
            command("DeleteSession", {})


SYSTEMS = {"firefox": system_firefox, "webkit": system_webkit}


def answers(port: int) -> bool:
    """Tell whether something listens on a port of this machine."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


class Engine:
    """A browser that opens empty windows: `engine.window(390, "dark")`."""

    def window(self, width: int, mode: str = "light") -> Window:
        """Return a window in which nothing was opened or stored before."""
        raise NotImplementedError

    def close(self) -> None:
        """End the browser."""
        raise NotImplementedError


class PlaywrightEngine(Engine):
    """A browser that Playwright drives: each window is a context of its own."""

    def __init__(self, browser: Browser):
        self.browser = browser

    def window(self, width: int, mode: str = "light") -> Window:
        for context in self.browser.contexts:
            context.close()
        size = {"width": width, "height": HEIGHT}
        return PlaywrightWindow(self.browser.new_page(viewport=size, color_scheme=mode))

    def close(self) -> None:
        self.browser.close()


class DrivenEngine(Engine):
    """A browser of the system: one process for light and one for dark, each with one window that is used again."""

    def __init__(self, begin: Callable[..., Any], program: Path, folder: Path, empty: str):
        self.begin, self.program, self.folder = begin, program, folder
        self.empty = (
            empty  # the address of a file of the site that runs no script, to forget what the site stored
        )
        self.windows: dict[str, DriverWindow] = {}
        self.started = ExitStack()

    def window(self, width: int, mode: str = "light") -> Window:
        if mode not in self.windows:
            (own := self.folder / mode).mkdir()
            self.windows[mode] = self.started.enter_context(self.begin(self.program, mode, own))
        window = self.windows[mode]
        window.go(self.empty)
        window.run("() => [localStorage, sessionStorage].forEach((store) => store.clear())")
        window.resize(width, HEIGHT)
        return window

    def close(self) -> None:
        self.started.close()


@contextmanager
def started(name: str, chromium: Path, folder: Path, empty: str) -> Iterator[Engine]:
    """Start an engine: "chromium", "firefox" or "webkit"; EngineError if there is none that starts."""
    candidates = [browsers.Other(chromium, True)] if name == "chromium" else browsers.others(name)
    reasons = []
    with ExitStack() as closing:
        for program, playwrights in candidates:
            if playwrights:
                playwright = closing.enter_context(sync_playwright())
                options = (
                    {"executable_path": chromium, "args": browsers.flags()} if name == "chromium" else {}
                )
                try:
                    engine = PlaywrightEngine(getattr(playwright, name).launch(**options))
                except PlaywrightError as error:  # a downloaded browser often lacks libraries of the system
                    reasons.append(f"{program} does not start ({error.message.splitlines()[0]})")
                    continue
            else:
                engine = DrivenEngine(SYSTEMS[name], program, folder, empty)
            closing.callback(engine.close)
            yield engine
            return
    raise EngineError("; ".join([*reasons, browsers.missing(name)]))
