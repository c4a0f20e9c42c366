"""Makes the theme whole where a distribution took it apart. Debian's furo asks a web server for normalize.css,
loads a script that imports another one, which no browser does from a file, and knows night only when it is asked
for, not from the reader's system. Nothing here changes a theme that is whole.
"""
import re
from pathlib import Path

NORMALIZE = "/usr/share/javascript/normalize.css/normalize.css"
DARK = re.compile(r'body\[data-theme="dark"\] \{([^{}]*--color-background-primary:[^{}]*)\}')


def mend_style(style):
    text = style.read_text(encoding="utf-8")
    asked = re.search(r"@import url\(/[^)]*normalize\.css\);?", text)
    if asked:
        text = text.replace(asked[0], Path(NORMALIZE).read_text(encoding="utf-8"))
    dark = DARK.search(text)
    if dark and "prefers-color-scheme" not in text:
        text += ("\n@media screen and (prefers-color-scheme: dark) {\n"
                 f'  body:not([data-theme="light"]) {{{dark[1]}}}\n}}\n')
    style.write_text(text, encoding="utf-8")


def mend_script(script):
    text = script.read_text(encoding="utf-8")
    imported = re.match(r'import Gumshoe from "\./([\w.-]+)";', text)
    if imported:
        spy = (script.parent / imported[1]).read_text(encoding="utf-8")
        script.write_text(f"{spy}\n(() => {{\n{text[imported.end():]}\n}})();\n", encoding="utf-8")


def mend(app, error):
    static = Path(app.outdir) / "_static"
    if not error:
        mend_style(static / "styles/furo.css")
        mend_script(static / "scripts/furo.js")
