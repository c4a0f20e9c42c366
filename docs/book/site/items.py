"""The parts of a formula, as formulas.py reads them, and how they become MathML."""
from dataclasses import dataclass
from html import escape

from notation import GREEK, OPERATORS, RELATIONS


@dataclass
class Item:
    """One part of a row: kind is factor, text, operator or big (a sum's sign)."""
    kind: str
    html: str
    spaced: bool
    inner: str = ""  # of a bare group: what is between its brackets
    name: str = ""
    squared: bool = False


def row_of(parts):
    return parts[0] if len(parts) == 1 else "<mrow>" + "".join(parts) + "</mrow>"


def letter(text):
    return f"<mi>{GREEK.get(text, text)}</mi>"


def upright(text):
    return f'<mi mathvariant="normal">{text}</mi>' if len(text) == 1 else f"<mi>{text}</mi>"


def attach(base, sub, sup):
    if not sub and not sup:
        return base
    raised = row_of(sup) if sup else ""
    tag = "msubsup" if sub and sup else "msub" if sub else "msup"
    return f"<{tag}>{base}{sub}{raised}</{tag}>"


def accented(base, mark):
    return f'<mover accent="true">{base}<mo stretchy="false">{mark}</mo></mover>'


def sign_html(sign, first, end):
    """An operator; first where it stands before what it belongs to, end at the end of the formula."""
    if sign in RELATIONS:
        return f"<mo>{escape(RELATIONS[sign])}</mo>"
    if sign in OPERATORS:
        form = ' form="prefix" lspace="0" rspace="0"' if first else ""
        return f"<mo{form}>{OPERATORS[sign]}</mo>"
    if sign == ".":
        return "<mtext>.</mtext>" if end else '<mo lspace="0" rspace="0">·</mo>'
    spaces = {"|": 'stretchy="false" lspace="0.3em" rspace="0.3em"', ":": 'lspace="0" rspace="0.4em"'}
    space = spaces.get(sign, 'rspace="0.28em"')
    return f"<mo {space}>{sign}</mo>"


def chain_before(items, tight):
    """Takes from the end of a row what a / behind it divides."""
    product = len(items)
    while product and items[product - 1].kind != "operator":
        product -= 1
    big = next((i for i in range(product, len(items)) if items[i].kind == "big"), None)
    start = len(items)
    if big is not None and not tight:
        start = big
    else:
        while start > product and (start == len(items) or not items[start].spaced):
            start -= 1
    over = items[start:]
    del items[start:]
    return over


def write(items):
    """A row of items as MathML: words with their spaces, and a thin space between factors."""
    parts = []
    for before, item, after in zip([None, *items], items, [*items[1:], None]):
        if item.kind == "text":
            left = "\u00a0" if item.spaced and before and before.kind != "text" else ""
            right = "\u00a0" if after and after.spaced else ""
            parts.append(f"<mtext>{left}{escape(item.html)}{right}</mtext>")
            continue
        if before and item.spaced and item.kind != "operator" and before.kind in ("factor", "big"):
            parts.append('<mspace width="0.17em"/>')
        parts.append(item.html)
    return row_of(parts) if parts else "<mrow></mrow>"
