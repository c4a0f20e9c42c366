"""Sphinx's settings for the book. Its source folder is the repository itself: build.sh says so."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import documents  # noqa: E402  # beside this file

project = "heed"
html_title = "heed: the book"
root_doc = documents.START.removesuffix(".md")
source_suffix = {".md": "markdown"}
include_patterns = sorted(documents.collect()[0])
exclude_patterns = ["build*", ".git", "runs"]
extensions = ["myst_parser", "extension"]
myst_heading_anchors = 4
myst_enable_extensions = ["html_image"]
highlight_language = "text"
pygments_style, pygments_dark_style = "friendly", "native"

html_theme = "furo"
templates_path = ["templates"]
html_static_path = ["static"]
font = "/usr/share/texmf/fonts/opentype/public/tex-gyre-math/texgyrepagella-math.otf"
if os.path.exists(font):  # else the reader's own
    html_static_path.append(font)
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_use_index = False
smartquotes = False  # f' is a derivative
html_show_search_summary = False  # a page that is opened as a file may not read the others
html_permalinks = False
html_theme_options = {"top_of_page_button": None}
