"""An indented block of formulas as a table of MathML, its columns as the author aligned them in the text.

Two spaces or more begin a column, and so does a relation (=) that stands below another one. A block that is not
of formulas, such as a command, is None: it stays as it was.
"""
import re
from dataclasses import dataclass
from html import escape

from formulas import mathml
from notation import CLOSING, FUNCTIONS, GREEK, Unreadable

RELATION = re.compile(r"(?<= )(\+=|-=|<=|>=|!=|:=|[=≈≤≥∝≠∼~<>])(?= )")
EVIDENCE = re.compile(r"(^|\s)(\+=|-=|<=|=|≈|≤|≥|∝)\s|\) [<>/] [(\w]|"
                      r"\b[A-Za-zα-ω]~?_[({A-Za-z0-9]|d[A-Za-z]/d[A-Za-z]")
COMMAND = re.compile(r"\s*(\./|build/bin/|cmake |ctest |git |g\+\+ |export |echo |translate |caption |\$|#)")
# The number that a paper gave an equation: (6), X (10), (6), A.1.2
NUMBER = re.compile(r"([A-Z] )?(\(\d+\)|\d+(?=,)|[A-Z]?(\d+\.)+\d+)(, [\w .]+)*|[A-Z], section .*")
SIGN = r"([-+·/=<>≈≤≥~]|\+=|-=|<=|>=|!=)"
NAMES = FUNCTIONS | set(GREEK)


@dataclass
class Cell:
    offset: int
    text: str
    gap: bool  # spaces before it, so that it is a column of its own


def depths(line):
    """How many brackets are open before each letter of a line."""
    found, depth = [], 0
    for sign in line:
        depth -= sign in ")]}"
        found.append(depth)
        depth += sign in CLOSING and sign != "|"
    return found


def relations(line):
    depth = depths(line)
    return [match.start() for match in RELATION.finditer(line) if not depth[match.start()]]


def cells(line, aligned):
    """The line cut into cells. `aligned` are offsets at which more than one line has a relation."""
    depth = depths(line)
    starts = {len(line) - len(line.lstrip()): True}
    for match in re.finditer(r" {2,}", line.rstrip()):
        before, after = line[:match.start()].rstrip(), line[match.end():]
        joined = re.search("(^| )(of|" + SIGN + ")$", before) or re.match(SIGN + " ", after)
        if before and not depth[match.start()] and not joined:
            starts[match.end()] = True
    for offset in relations(line):
        if offset in aligned:
            starts.setdefault(offset, False)
    cuts = sorted(starts) + [len(line)]
    return [Cell(start, line[start:end].strip(), starts[start]) for start, end in zip(cuts, cuts[1:])]


def is_prose(text):
    words = re.findall(r"[^\s,;:.]+", text)
    return len(words) > 0 and all(re.fullmatch(r"\d+|a|[A-Za-z]{2,}('s)?", word) and word not in NAMES
                                  for word in words) and bool(re.search("[a-z]{2}", text))


def content(text):
    if is_prose(text):
        return f'<span class="words">{escape(text)}</span>'
    if NUMBER.fullmatch(text):
        return f'<span class="number">{escape(text)}</span>'
    return f'<math displaystyle="true">{mathml(text)}</math>'


def table_row(found, columns):
    """One line: empty cells up to where each of its own begins."""
    html, at = "", 0
    for index, cell in enumerate(found):
        column = columns.index(cell.offset)
        end = columns.index(found[index + 1].offset) if index + 1 < len(found) else len(columns)
        if column > at:
            html += f'<td colspan="{column - at}"></td>'
        kind = "column" if cell.gap and index else "joined"
        span = f' colspan="{end - column}"' if end - column > 1 else ""
        html += f'<td class="{kind}"{span}>{content(cell.text)}</td>'
        at = end
    return f"<tr>{html}</tr>"


def table(lines):
    """Lines that stand together, with the same columns. Raises Unreadable."""
    offsets = [offset for line in lines for offset in relations(line)]
    aligned = {offset for offset in offsets if offsets.count(offset) > 1}
    rows = [cells(line, aligned) for line in lines]
    columns = sorted({cell.offset for row in rows for cell in row})
    return f'<table role="presentation">{"".join(table_row(row, columns) for row in rows)}</table>'


def formulas(text):
    """The block as HTML, or None if it is not one of formulas."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    filled = [line for line in lines if line]
    if any(COMMAND.match(line) for line in filled) or not any(EVIDENCE.search(line) for line in filled):
        return None
    try:
        tables = [table(part.split("\n")) for part in re.split(r"\n\n+", "\n".join(lines))]
    except Unreadable:
        return None
    return f'<div class="formula">{"".join(tables)}</div>\n'


BASE = ("[A-Za-z]|[α-ωΑ-Ω]|d?(?:" + "|".join(GREEK) + r")|d[A-Za-z]|[A-Za-z](?:hat|bar)|sum|prod|softmax|"
        r"state|\d+(?:\.\d+)?(?=\^)")
SCRIPT = r"[_^](?:[A-Za-z0-9]{1,3}\b|-\d+|\([^()]*\)|\{[^{}]*\})"
INLINE = re.compile(rf"(?<![\w/`^.])[→←]?(?:{BASE})[~*]?'*(?:{SCRIPT})+(?!\w)")


def inline(text):
    """A text in which what has a script (c_t, h_(t-1), 10^-6) is MathML, as parts: (is it HTML, text)."""
    parts, at = [], 0
    for match in INLINE.finditer(text):
        try:
            html = f"<math>{mathml(match.group(), small=True)}</math>"
        except Unreadable:
            continue
        parts += [(False, text[at:match.start()]), (True, html)]
        at = match.end()
    return parts + [(False, text[at:])]
