#!/usr/bin/env python3
"""Opens the HTML reports in a real browser and looks at what they do.

    tools/page_test.py [--caulk PROGRAM] [--chromium PROGRAM] [--screenshots FOLDER]

Makes a repository with secrets that did not exist before, lets caulk write its pages, and opens them from their files in chromium:
nothing may be asked of the network, no error may be logged, no raw value may be on the page, nothing in a file name may run, the
filter has to filter, the keyboard has to be enough, and nothing may be wider than a telephone. Needs git, Python and chromium.
"""

import argparse
import base64
import json
import os
import random
import shutil
import string
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


def base62(number, width):
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits.rjust(width, "0")


def token(planted):
    body = "".join(random.SystemRandom().choice(BASE62) for _ in range(30))
    value = "gh" + "p_" + body + base62(zlib.crc32(body.encode()), 6)
    planted.append(value)
    return value


def password(planted):
    value = "".join(random.SystemRandom().choice(BASE62) for _ in range(20))
    planted.append(value)
    return value


def plant(root):
    """A repository: one secret in HEAD and pushed, one removed and pushed, one removed and local, one in a hostile file, one accepted."""
    planted = []

    def git(*args):
        identity = ["-c", "user.name=Ann", "-c", "user.email=ann@localhost"]
        subprocess.run(["git", "-C", root, *identity, *args], check=True, capture_output=True)

    def put(name, text):
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    git("init", "-q", "-b", "main")
    put("deploy/release.sh", f"export GITHUB_TOKEN={token(planted)}\n")
    put("old/keys.txt", f"{token(planted)}\n")
    put("Dockerfile", "FROM python:3.12\nCMD [\"a\"]\n")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    put("src/mailer.yaml", f"password: {password(planted)}\n")
    put(f"{HOSTILE.replace('/', '')}.py", f"{HOSTILE} '{token(planted)}'\n")
    put("src/example.py", f"token = '{token(planted)}'  # caulk:allow[github-pat-classic] an example\n")
    git("add", "-A")
    git("commit", "-qm", "two")
    git("rm", "-q", "old/keys.txt", "src/mailer.yaml")
    git("commit", "-qm", "three")
    return planted


class Browser:
    """Chromium, driven through a pair of pipes, so that no port is opened and no library is needed."""

    def __init__(self, program, folder):
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()
        # Chromium reads its commands from 3 and writes what happens to 4.
        wiring = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        command = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"]
        command += [f"--user-data-dir={folder}", "--no-first-run", "--disable-background-networking", "about:blank"]
        self.process = subprocess.Popen(
            ["bash", "-c", wiring, "bash", str(to_read), str(from_write), *command],
            pass_fds=(to_read, from_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.buffer:
            read = os.read(self.from_read, 1 << 16)
            if not read:
                sys.exit("the browser went away")
            self.buffer += read
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, file):
        self.events.clear()
        self.call("Page.navigate", url=Path(file).as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive())

    def run(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def key(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def close(self):
        self.session = None
        self.call("Browser.close")
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


failures = []


def check(what, holds, seen=""):
    if not holds:
        failures.append(what)
    print(("ok    " if holds else "FAIL  ") + what + ("" if holds else f": {seen!r}"))


def quiet(browser, name, file):
    """Nothing was asked for but the file, and nothing went wrong."""
    asked = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    check(f"{name}: nothing is asked of the network", asked == [Path(file).as_uri()], asked)
    wrong = [e["params"] for e in browser.events if e.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")]
    wrong += [e["params"] for e in browser.events if e.get("method") == "Runtime.consoleAPICalled"]
    check(f"{name}: nothing is logged", not wrong, wrong)


VISIBLE = "[...document.querySelectorAll('details.card')].filter((card) => card.checkVisibility()).length"
LINES = "[...document.querySelectorAll('.lives > li')].filter((line) => line.checkVisibility()).length"


def choose(browser, name, value):
    browser.run(
        f"(() => {{ const field = document.querySelector('#filter [name={name}]'); field.value = {json.dumps(value)};"
        " field.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    return browser.run(VISIBLE)


def reset(browser):
    browser.run("document.querySelector('#filter [type=reset]').click()")
    return browser.run(f"new Promise((done) => setTimeout(() => done({VISIBLE}), 50))")


def filters(browser):
    check("history: all secrets are shown at first", browser.run(VISIBLE) == 5, browser.run(VISIBLE))
    for name, value, expected in [
        ("text", "mailer", 1),
        ("text", "ANN  github", 4),
        ("text", "no such thing", 0),
        ("path", "deploy/", 1),
        ("rule", "github-pat-classic", 4),
        ("state", "removed", 2),
        ("state", "in HEAD", 2),
        ("state", "accepted", 1),
        ("pushed", "pushed", 2),
        ("pushed", "only local", 3),
        ("severity", browser.run("document.querySelector('[name=severity]').options[1].value"), 4),
    ]:
        seen = choose(browser, name, value)
        check(f"history: {name} = {value!r} leaves {expected}", seen == expected, seen)
        check("history: the timeline follows", browser.run(LINES) == expected, browser.run(LINES))
        said = browser.run("document.getElementById('shown').textContent")
        check(f"history: it is said: {said}", said == f"{expected} of 5 shown", said)
        none = browser.run("document.getElementById('none').checkVisibility()")
        check("history: nothing left is said too", none == (expected == 0), none)
        check("history: `show all` shows all", reset(browser) == 5)
    choose(browser, "state", "removed")
    seen = choose(browser, "pushed", "pushed")
    check("history: filters add up", seen == 1, seen)
    reset(browser)


def keyboard(browser):
    browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    reached = []
    for _ in range(24):
        browser.key("Tab", 9)
        reached.append(browser.run("document.activeElement.name || document.activeElement.id || document.activeElement.tagName"))
    wanted = ["text", "path", "severity", "rule", "state", "pushed", "unfold", "SUMMARY"]
    check("history: the keyboard reaches everything", all(name in reached for name in wanted), reached)
    browser.run("document.querySelector('details.card').open = false; document.querySelector('details.card > summary').focus()")
    browser.key("Enter", 13, "\r")
    check("history: Enter unfolds", browser.run("document.querySelector('details.card').open"))
    browser.run("document.querySelector('[name=text]').focus()")
    browser.call("Input.insertText", text="mailer")
    check("history: typing filters", browser.run(VISIBLE) == 1)
    browser.key("Enter", 13, "\r")
    check("history: Enter in a field keeps the page", browser.run(VISIBLE) == 1)
    reset(browser)
    browser.run("for (const card of document.querySelectorAll('details.card')) card.open = false; document.querySelector('.lives a').click()")
    opened = browser.run("new Promise((done) => setTimeout(() => done([...document.querySelectorAll('details.card[open]')].length), 100))")
    check("history: a line of the timeline leads to its secret", opened == 1, opened)


CONTRAST = """(() => {
  const parse = (color) => color.match(/[0-9.]+/g).slice(0, 3).map(Number);
  const light = (color) => { const [r, g, b] = parse(color).map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const back = (element) => { for (; element; element = element.parentElement) { const color = getComputedStyle(element).backgroundColor;
    if (!/, 0\\)$/.test(color)) return color; } return "rgb(255, 255, 255)"; };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || ![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    const [one, two] = [light(getComputedStyle(element).color), light(back(element))].sort((a, b) => b - a);
    if ((one + 0.05) / (two + 0.05) < 4.5) poor.push(element.tagName + "." + element.className + " " + element.textContent.trim().slice(0, 20));
  }
  return [...new Set(poor)];
})()"""


def looks(browser, name, shots):
    browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for width in (360, 1100):
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            wide = browser.run("document.scrollingElement.scrollWidth")
            check(f"{name}: {scheme}, {width} px: nothing is wider", wide <= width, wide)
            if shots:
                picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
                Path(shots, f"{name}-{scheme}-{width}.png").write_bytes(base64.b64decode(picture["data"]))
        poor = browser.run(CONTRAST)
        check(f"{name}: {scheme}: everything can be read", not poor, poor)


def pages(args, work, browser):
    root, planted = Path(work, "repository"), []
    root.mkdir()
    planted = plant(str(root))
    commands = {"history": ["history"], "audit": ["audit"], "scan": ["scan"], "check": ["check"]}
    for name, command in commands.items():
        file = Path(work, f"{name}.html")
        subprocess.run([args.caulk, *command, "-q", "--exit-zero", "-f", f"html={file}", str(root)], check=True)
        browser.open(file)
        quiet(browser, name, file)
        page = browser.run("document.documentElement.outerHTML") + file.read_text()
        shown = [value for value in planted if any(value[at : at + 12] in page for at in range(4, len(value) - 12))]
        check(f"{name}: no raw value", not shown)
        check(f"{name}: nothing in a name runs", browser.run("document.title") != "run" and browser.run("document.images.length") == 0)
        if name == "history":
            filters(browser)
            keyboard(browser)
            quiet(browser, "history, used", file)
        looks(browser, name, args.screenshots)
        browser.run("const s = document.createElement('script'); s.textContent = 'document.title = \"run\"'; document.body.append(s)")
        check(f"{name}: the browser refuses foreign script", browser.run("document.title") != "run")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--caulk", default="target/release/caulk")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--screenshots")
    args = parser.parse_args()
    if args.screenshots:
        os.makedirs(args.screenshots, exist_ok=True)
    # Parts of the browser may outlive it for a moment, and write.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        browser = Browser(args.chromium, str(Path(work, "profile")))
        try:
            pages(args, work, browser)
        finally:
            browser.close()
    sys.exit(f"{len(failures)} of the checks failed" if failures else None)


main()
