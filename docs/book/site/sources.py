"""Pages of what is in the repository: sources with numbered lines, and folders without a README.md."""
import re
from html import escape
from pathlib import PurePosixPath

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

import documents

LANGUAGES = {".h": "cpp", ".md": "markdown"}
INCLUDE = re.compile(r'(<span class="cpf">&quot;)([^&]+)(&quot;</span>)')


def lexer_for(path):
    try:
        language = LANGUAGES.get(PurePosixPath(path).suffix)
        return get_lexer_by_name(language) if language else get_lexer_for_filename(path)
    except ClassNotFound:
        return get_lexer_by_name("text")


def source_html(path, uri):
    """The file as a table of lines, each with its number and an id; `uri` gives the address of a page."""
    def linked(match):
        page = documents.page_of(match[2])
        return f'{match[1]}<a href="{uri(page)}">{match[2]}</a>{match[3]}' if page else match[0]

    formatter = HtmlFormatter(linenos="inline", linespans="L", wrapcode=True)
    html = highlight(documents.text_of(path), lexer_for(path), formatter)
    return f'<h1 class="path">{crumbs(path, uri)}</h1>\n<div class="source">{INCLUDE.sub(linked, html)}</div>'


def crumbs(path, uri):
    """A path, each folder of it a link if it has a page."""
    parts = []
    for folder in [*reversed(PurePosixPath(path).parents)][1:]:
        page = documents.page_of(str(folder))
        name = escape(folder.name)
        parts.append(f'<a href="{uri(page)}">{name}</a>' if page else name)
    return "/".join([*parts, escape(PurePosixPath(path).name)])


def folder_html(path, uri):
    rows = []
    for entry in documents.in_folder(path):
        page, name = documents.page_of(entry), escape(PurePosixPath(entry).name)
        name += "/" if (documents.ROOT / entry).is_dir() else ""
        rows.append(f'<li><a href="{uri(page)}">{name}</a></li>' if page else f"<li>{name}</li>")
    return f'<ul class="folder">{"".join(rows)}</ul>'


def pages(app):
    """For Sphinx, when all documents are written: (name, context, template) of each further page."""
    _, files, folders = documents.collect()
    for path in sorted(files):
        body = source_html(path, lambda page, here=path: app.builder.get_relative_uri(here, page))
        yield path, {"title": path, "body": body, "wide": True}, "page.html"
    for path in sorted(folders):
        here = documents.page_of(path)
        if here.endswith("/folder"):
            def uri(page, here=here):
                return app.builder.get_relative_uri(here, page)
            body = f'<h1 class="path">{crumbs(path, uri)}</h1>{folder_html(path, uri)}'
            yield here, {"title": path, "body": body}, "page.html"
