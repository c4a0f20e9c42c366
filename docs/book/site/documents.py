"""What has a page on the site: the documents, and what they link to in the repository, files and folders."""
import csv
import os
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[3]
START = "docs/book/README.md"
EQUATIONS = "docs/book/equations.tsv"
EQUATIONS_PAGE = "docs/book/site/equations"
SOURCES = {".h", ".hpp", ".cpp", ".py", ".js", ".css", ".sh", ".txt", ".cmake", ".json", ".md", ".cff", ""}
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def links(document):
    """The paths in the repository to which a Markdown file links, if something is there."""
    fenced, indented, before = False, False, ""
    for line in text_of(document).splitlines():
        fenced ^= line.lstrip().startswith("```")
        indented = line.startswith("    ") and (indented or not before.strip())
        before = line
        if fenced or indented:
            continue
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            file = target.split("#")[0]
            if not file:  # a place in the same document
                continue
            path = os.path.normpath(os.path.join(os.path.dirname(document), file))
            if not re.match(r"[a-z]+:", target) and not path.startswith("..") and (ROOT / path).exists():
                yield path


def in_folder(folder):
    """The files and folders right in a folder, those that a reader may look for."""
    entries = sorted((ROOT / folder).iterdir(), key=lambda entry: (entry.is_dir(), entry.name))
    return [entry.relative_to(ROOT).as_posix() for entry in entries
            if not entry.name.startswith((".", "__")) and (entry.is_dir() or entry.suffix in SOURCES)]


def equations():
    with open(ROOT / EQUATIONS, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def chapters():
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/book").glob("[0-9]*.md"))


def shown(document):
    """The files whose code a document shows."""
    return [path for path in re.findall(r"^ *```cpp (\S+)", text_of(document), re.MULTILINE)
            if (ROOT / path).is_file()]


@lru_cache
def collect():
    """(documents, files, folders): paths in the repository, each with a page."""
    queue = sorted(path.relative_to(ROOT).as_posix()
                   for folder in ("docs", "docs/book", "docs/lab", "docs/book/site") for path in
                   (ROOT / folder).glob("*.md"))
    documents, files, folders = set(), {"LICENSE"}, set()
    while queue:
        path = queue.pop()
        if path in documents | files | folders:
            continue
        if (ROOT / path).is_dir():
            folders.add(path)
            queue += [entry for entry in in_folder(path) if (ROOT / entry).is_file()]
        elif path.endswith(".md"):
            documents.add(path)
            queue += [*links(path), *shown(path)]
        elif path != EQUATIONS:
            files.add(path)
    for row in equations():
        files |= {path for path in (row["code"], row["test"].partition(": ")[0]) if path}
    return documents, files, folders


def page_of(path):
    """The page of something in the repository, without .html; None if it has none."""
    documents, files, folders = collect()
    if path == EQUATIONS:
        return EQUATIONS_PAGE
    if path in folders:
        return f"{path}/README" if f"{path}/README.md" in documents else f"{path}/folder"
    if path in documents:
        return str(PurePosixPath(path).with_suffix(""))
    return path if path in files else None


def line_of(path, text):
    """The number of the first line that holds the text; 0 if none does."""
    lines = text_of(path).splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), 0)
