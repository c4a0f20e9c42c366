"""What the site adds to Sphinx: pages of sources, links to them, formulas, captions of code, and the index of
equations."""
import os
import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx import addnodes

import blocks
import documents
import sources
import theme

FENCE = re.compile(r"^( *)```(cpp|output) (\S+)\n(.*)\n", re.MULTILINE)
LIVE = re.compile(r"^<!-- live: ([\w,]+) -->$", re.MULTILINE)
WHOLE = "docs/book/whole"  # beside the chapters, whose links lead the same way from there
MENU = [
    ("The book", lambda: documents.chapters()),
    ("Appendices", lambda: ["docs/book/notation.md", documents.EQUATIONS_PAGE + ".md", "docs/book/museum.md",
                            "docs/book/questions.md", "docs/book/glossary.md"]),
    ("The documents", lambda: ["docs/README.md", "README.md"] + listed("docs")),
    ("The laboratory", lambda: ["docs/lab/README.md"] + listed("docs/lab")),
    ("The project", lambda: ["CONTRIBUTING.md", "CHANGELOG.md"]),
]


def listed(folder):
    """The documents of a folder in the order in which its README.md links to them, then the others."""
    readme = f"{folder}/README.md"
    own = [path for path in documents.collect()[0] if os.path.dirname(path) == folder and path != readme]
    order = list(documents.links(readme))
    return sorted(own, key=lambda path: (order.index(path) if path in order else len(order), path))


def menu():
    """The table of contents, hidden in the start page: it is the list at the side."""
    known = documents.collect()[0]
    text = ""
    for title, entries in MENU:
        lines = "\n".join("/" + path.removesuffix(".md") for path in entries() if path in known)
        text += f"\n\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{lines}\n```\n"
    return text


def in_menu():
    return {documents.START, *(path for _, entries in MENU for path in entries())}


def captioned(match):
    """A fence that names its file or program, with a caption: a link to the line that it begins with."""
    indent, kind, name, first = match.groups()
    path = f"examples/first_steps/{name}.cpp" if kind == "output" else name
    there = documents.page_of(path)
    line = documents.line_of(path, first.strip()) if there and kind == "cpp" else 0
    label = f"build/bin/{name}" if kind == "output" else name
    link = f"[{label}](/{path}{f'#L-{line}' if line else ''})" if there else label
    language = "text\n:class: output" if kind == "output" else "cpp"
    head = f"```{{code-block}} {language}\n:caption: \"{link}\"\n\n{first}\n"
    return re.sub("^(?=.)", indent, head, flags=re.MULTILINE) if indent else head


def live(match):
    """Where a figure may be run: a part of heed.html, which site.js opens when it is asked to. Nothing if the page is
    not built, or without scripts: the picture above stands for it."""
    page = f"../../live/heed.html#only={match[1]}"
    return f'<div class="live" data-page="{page}"></div>' if os.environ.get("HEED_LIVE") else ""


def read(app, docname, source):
    """A document as it is parsed: with captions and figures that run, a folder's README.md with its list, the first
    with the menu."""
    path, folder = docname + ".md", os.path.dirname(docname)
    text = LIVE.sub(live, FENCE.sub(captioned, source[0]))
    if folder in documents.collect()[2] and docname == f"{folder}/README":
        text += "\n\n## In this folder\n\n```{folder}\n```\n"
    if path == documents.START:
        text += f'\n\nFor printing: <a href="{os.path.basename(WHOLE)}.html">the whole book on one page</a>.\n'
        text += menu()
    source[0] = text if path in in_menu() else f"---\norphan: true\n---\n\n{text}"


class Equations(Directive):
    """The index of equations, docs/book/equations.tsv, as a table."""

    def run(self):
        env = self.state.document.settings.env

        def link(path, text, shown):
            line = documents.line_of(path, text)
            uri = env.app.builder.get_relative_uri(env.docname, documents.page_of(path))
            return f'<a href="{uri}#L-{line}">{escape(shown)}</a>'

        rows = ""
        for row in documents.equations():
            test, _, name = row["test"].partition(": ")
            places = escape(row["why not"])
            if row["code"]:
                places = (f'{link(row["code"], row["line"], row["code"])}<br>'
                          f'<span class="words">tested:</span> {link(test, name, name)}')
            parts = blocks.inline(row["what it says"])
            says = "".join(part if html else escape(part) for html, part in parts)
            rows += f'<tr><td>{escape(row["item"])}</td><td>{says}</td><td>{places}</td></tr>\n'
        table = ('<input class="filter" type="search" placeholder="Filter: Luong, softmax, scores.h .." '
                 'aria-label="Filter the table">\n<table class="equations docutils"><thead><tr><th>Item</th>'
                 f"<th>What it says</th><th>Where it is</th></tr></thead><tbody>{rows}</tbody></table>")
        return [nodes.raw("", table, format="html")]


class Folder(Directive):
    """What lies in the folder of the document."""

    def run(self):
        env = self.state.document.settings.env
        return [nodes.raw("", sources.folder_html(
            os.path.dirname(env.docname), lambda page: env.app.builder.get_relative_uri(env.docname, page)),
            format="html")]


def resolve_links(app, doctree):
    """Links to files and folders of the repository lead to their pages. Documents are found by Sphinx."""
    here = app.env.docname
    for node in [*doctree.findall(addnodes.download_reference), *doctree.findall(addnodes.pending_xref)]:
        target, _, fragment = node["reftarget"].partition("#")
        base = "" if target.startswith("/") else os.path.dirname(here)
        path = os.path.normpath(os.path.join(base, target.lstrip("/")))
        page = documents.page_of(path) if target and (node["reftype"] == "myst") else None
        if page is None or path in documents.collect()[0] and fragment:
            continue
        uri = app.builder.get_relative_uri(here, page) + (f"#{fragment}" if fragment else "")
        link = nodes.reference("", "", refuri=uri, internal=True)
        link += node.children
        node.replace_self(link)


def typeset(app, doctree):
    """Formulas: indented blocks, and what has a script in running text."""
    for block in list(doctree.findall(nodes.literal_block)):
        html = blocks.formulas(block.astext()) if block.get("language") == "none" else None
        if html:
            block.replace_self(nodes.raw("", html, format="html"))
    literal = (nodes.literal, nodes.literal_block, nodes.raw, nodes.comment, nodes.title)
    for text in list(doctree.findall(nodes.Text)):
        if isinstance(text.parent, literal) or isinstance(text.parent.parent, literal):
            continue
        parts = blocks.inline(text.astext())
        if len(parts) > 1:
            text.parent.replace(text, [nodes.raw("", part, format="html") if html else nodes.Text(part)
                                       for html, part in parts if part])


def keep(app, name, template, context, doctree):
    """Keeps what was written of each page of the book, for the one page with all."""
    if doctree and os.path.dirname(name) == os.path.dirname(WHOLE):
        app.env.temp_data.setdefault("whole", {})[name] = context["body"]


def whole(app):
    """The start page's chapters and appendices, one after the other."""
    bodies = app.env.temp_data.get("whole", {})
    order = [path.removesuffix(".md") for _, entries in MENU[:2] for path in entries()]
    body = "\n".join(f'<div class="chapter">{bodies[name]}</div>' for name in order if name in bodies)
    yield WHOLE, {"title": "The whole book", "body": body}, "page.html"


def front_door(app, error):
    """index.html, which opens the book."""
    start = documents.START.removesuffix(".md") + ".html"
    if not error:
        with open(os.path.join(app.outdir, "index.html"), "w", encoding="utf-8") as file:
            file.write(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>heed: the book</title>\n'
                       f'<meta http-equiv="refresh" content="0; url={start}">'
                       f'<a href="{start}">The book</a></html>\n')


def setup(app):
    app.add_directive("equations", Equations)
    app.add_directive("folder", Folder)
    app.connect("source-read", read)
    app.connect("doctree-read", resolve_links, priority=400)  # before Sphinx copies what is linked
    app.connect("doctree-read", typeset)
    app.connect("html-collect-pages", sources.pages)
    app.connect("html-page-context", keep)
    app.connect("html-collect-pages", whole)
    app.connect("build-finished", front_door)
    app.connect("build-finished", theme.mend)
    return {"version": "1", "parallel_read_safe": False}
