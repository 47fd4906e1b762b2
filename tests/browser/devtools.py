"""Headless Chromium, driven through a pipe by its DevTools protocol: no port, no further dependency."""

import base64
import contextlib
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

#: Seconds that the browser may take for one answer, on a machine that is busy with other tests.
PATIENCE = 90
#: File descriptors on which Chromium reads commands and writes answers.
READS, WRITES = 3, 4
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--no-default-browser-check", "--hide-scrollbars", "--remote-debugging-pipe", "about:blank",
)  # fmt: skip
#: Keys that are no letters: their code, and the text that they type.
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " "), "ArrowDown": (40, ""), "ArrowUp": (38, "")}
SHIFT = 8


#: Names under which Chromium is installed.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found():
    """Path of the machine's Chromium; None when it has none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class BrowserError(Exception):
    """The browser did not answer, refused a command, or a script failed."""


class Browser:
    """A running Chromium with a profile of its own; a context manager that ends it.

    Parameters
    ----------
    program : str
        Path of Chromium.
    """

    def __init__(self, program):
        self._profile = tempfile.TemporaryDirectory(prefix="chromium")
        commands, self._write = map(_above_the_wired, os.pipe())
        self._read, answers = map(_above_the_wired, os.pipe())

        def wire():
            os.dup2(commands, READS)
            os.dup2(answers, WRITES)

        # Descriptors of Python are closed in the child by themselves; close_fds would close the wired ones too.
        self._process = subprocess.Popen(
            [program, f"--user-data-dir={self._profile.name}", *SWITCHES], preexec_fn=wire, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "HOME": self._profile.name},
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self._numbers = itertools.count(1)
        self._rest = b""
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        with contextlib.suppress(BrowserError, OSError):
            self.call("Browser.close")
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        # A process of the browser may still be writing its last files.
        with contextlib.suppress(OSError):
            self._profile.cleanup()

    def call(self, method, session=None, **parameters):
        """Send a command and wait for its answer; events that come meanwhile are kept."""
        number = self._send(method, session, parameters)
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._next(deadline, method)
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._keep(answer)

    def wait(self, method, session):
        """Wait for an event of a page, unless it has come already, and take it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            for event in self.events:
                if event.get("method") == method and event.get("sessionId") == session:
                    self.events.remove(event)
                    return event["params"]
            self._keep(self._next(deadline, method))

    def _send(self, method, session, parameters):
        message = {"id": next(self._numbers), "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        return message["id"]

    def _keep(self, message):
        """Keep an event for whoever asks for it; a dialogue is closed, for the page stands still until it is."""
        if "method" in message:
            self.events.append(message)
        if message.get("method") == "Page.javascriptDialogOpening":
            self._send("Page.handleJavaScriptDialog", message["sessionId"], {"accept": False})

    def _next(self, deadline, awaited):
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise BrowserError(f"no answer to {awaited} within {PATIENCE} seconds")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise BrowserError(f"the browser ended before it answered {awaited}")
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, file, width, height=900):
        """Open a file of this machine in a new page."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, target, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.resize(width, height)
        page.call("Page.navigate", url=Path(file).resolve().as_uri())
        self.wait("Page.loadEventFired", session)
        return page


class Page:
    """An open page; a context manager that closes it."""

    def __init__(self, browser, target, session):
        self._browser, self._target, self._session = browser, target, session

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._browser.call("Target.closeTarget", targetId=self._target)
        own = [event for event in self._browser.events if event.get("sessionId") == self._session]
        self._browser.events = [event for event in self._browser.events if event not in own]

    def call(self, method, **parameters):
        """Send a command to this page."""
        return self._browser.call(method, self._session, **parameters)

    def resize(self, width, height=900):
        """Give the page another width, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )  # fmt: skip

    def on_paper(self):
        """Show the page as it is printed."""
        self.call("Emulation.setEmulatedMedia", media="print")

    def printed(self):
        """The page as PDF, on the sheets that its style asks for."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def run(self, expression):
        """The value of an expression, which may be a promise."""
        done = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise BrowserError(done["exceptionDetails"].get("exception", done["exceptionDetails"]).get("description"))
        return done["result"].get("value")

    def press(self, key, shift=False):
        """Press a key and let it go."""
        code, text = KEYS.get(key, (ord(key.upper()[0]), key))
        about = {"key": key, "windowsVirtualKeyCode": code, "modifiers": SHIFT if shift else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **about)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def complaints(self):
        """What the page wrote to the console, and scripts of it that failed or were refused."""
        self.run("0")  # what was said before has then come
        found = []
        for event in self._own():
            about = event["params"]
            if event["method"] == "Runtime.consoleAPICalled":
                found.append(" ".join(str(one.get("value", one.get("description"))) for one in about["args"]))
            elif event["method"] == "Runtime.exceptionThrown":
                found.append(about["exceptionDetails"]["text"])
            elif event["method"] == "Log.entryAdded":
                found.append(about["entry"]["text"])
        return found

    def requests(self):
        """Addresses that the page asked for, itself first."""
        self.run("0")
        return [
            event["params"]["request"]["url"] for event in self._own() if event["method"] == "Network.requestWillBeSent"
        ]

    def opened(self):
        """Dialogues that scripts of the page opened."""
        self.run("0")
        return [
            event["params"]["message"] for event in self._own() if event["method"] == "Page.javascriptDialogOpening"
        ]

    def _own(self):
        return [event for event in self._browser.events if event.get("sessionId") == self._session]


def _above_the_wired(descriptor):
    """The same file under a descriptor that the wiring in the child cannot overwrite."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved
