"""Checks the built site: links, resources, formulas, search. Prints what is wrong, and how much was seen.

usage: check.py FOLDER
"""
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LEAST_FORMULAS = 300
SEARCHED, FOUND = "vanishing", "docs/book/07-remember.html"


class Page(HTMLParser):
    """The links, resources, ids and formulas of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.resources, self.ids, self.formulas, self.live = [], [], set(), 0, []
        self.in_style = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        self.formulas += tag == "math"
        self.in_style = tag == "style"
        self.resources += imported(values.get("style", ""))
        if "data-page" in values:
            self.live.append(values["data-page"])
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "name" in values:
            self.ids.add(values["name"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "use":
            self.links.append(values["href"])
        else:
            self.resources += [values[name] for name in ("href", "src", "data", "poster") if name in values]
        if tag == "meta" and values.get("http-equiv") == "refresh":
            self.links.append(values["content"].partition("url=")[2])

    def handle_data(self, data):
        if self.in_style:
            self.resources += imported(data)

    def handle_endtag(self, tag):
        self.in_style = False


def imported(text):
    """What a style asks for."""
    return [target for target in re.findall(r"(?:url\(|@import\s+)['\"]?([^'\")\s;]+)", text)
            if not target.startswith("data:")]


class Site:
    def __init__(self, folder):
        self.folder, self.wrong = folder, []
        self.figures = folder / "live/heed.html"  # tested where it is made (./run page)
        self.pages = {path: Page(path) for path in sorted(folder.rglob("*.html")) if path != self.figures}

    def check_target(self, source, target, resource):
        """A link leads to a page of the site and to a place in it, or, if it is only a link, out of it."""
        address = urlsplit(target)
        if address.scheme or address.netloc:
            if resource or address.scheme not in ("http", "https", "mailto"):
                self.wrong.append(f"{source}: asks the network for {target}")
            return
        path = (source.parent / unquote(address.path)).resolve() if address.path else source
        if address.path.startswith("/") or not path.is_relative_to(self.folder) or not path.is_file():
            self.wrong.append(f"{source}: {target} leads nowhere")
        elif (address.fragment and path.suffix == ".html" and
              unquote(address.fragment) not in self.pages[path].ids):
            self.wrong.append(f"{source}: {target} leads to a page that has no such place")

    def check_figure(self, source, target):
        """A figure that runs: parts that the page has."""
        file, _, parts = target.partition("#only=")
        if (source.parent / file).resolve() != self.figures or not self.figures.is_file():
            self.wrong.append(f"{source}: {target} is no page of figures")
            return
        ids = re.findall(r'<section id="(\w+)"', self.figures.read_text(encoding="utf-8"))
        self.wrong += [f"{source}: heed.html has no part {part}" for part in parts.split(",") if part not in ids]

    def check_pages(self):
        for path, page in self.pages.items():
            for target in page.links:
                self.check_target(path, target, resource=False)
            for target in page.resources:
                self.check_target(path, target, resource=True)
            for target in page.live:
                self.check_figure(path, target)
        for style in self.folder.rglob("*.css"):
            for target in imported(style.read_text(encoding="utf-8")):
                self.check_target(style, target, resource=True)
        for script in self.folder.rglob("*.js"):  # a module loads nothing from a file
            if re.search(r"^import ", script.read_text(encoding="utf-8"), re.MULTILINE) and self.uses(script):
                self.wrong.append(f"{script}: imports another script")

    def uses(self, script):
        return any(Path(urlsplit(target).path).name == script.name
                   for page in self.pages.values() for target in page.resources)

    def check_contents(self):
        formulas = sum(page.formulas for page in self.pages.values())
        if formulas < LEAST_FORMULAS:
            self.wrong.append(f"{self.folder}: only {formulas} formulas")
        index = (self.folder / "searchindex.js").read_text(encoding="utf-8")
        if not re.search(r'[{, ]"?vanish"?:', index):
            self.wrong.append(f"{self.folder}/searchindex.js: does not know the word {SEARCHED}")
        return formulas

    def check_browser(self):
        """Opens the start page and searches, as a reader does who has only files. False without a browser."""
        browser = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not browser:
            return False
        wanted_at = {"index.html": "<h1>The book", f"search.html?q={SEARCHED}": f'<a href="{FOUND}'}
        if self.figures.is_file():
            wanted_at["docs/book/09-look.html"] = ">Run it here</button>"
        for address, wanted in wanted_at.items():
            command = [browser, "--no-sandbox", "--headless", "--disable-gpu", "--virtual-time-budget=4000",
                       "--dump-dom", f"file://{self.folder}/{address}"]
            dom = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
            main = dom[dom.find('<article role="main"'):]  # the list at the side names every page
            if wanted not in main:
                self.wrong.append(f"{address}: {browser} does not show {wanted}")
        return True


def main():
    site = Site(Path(sys.argv[1]).resolve())
    site.check_pages()
    formulas = site.check_contents()
    opened = site.check_browser()
    for line in site.wrong:
        print(f"error: {line}", file=sys.stderr)
    print(f"{len(site.pages)} pages, {sum(len(page.links) for page in site.pages.values())} links, "
          f"{formulas} formulas; {'opened in a browser' if opened else 'no browser here to open them in'}")
    sys.exit(1 if site.wrong else 0)


if __name__ == "__main__":
    main()
