"""The signs and words of the book's notation for formulas, and their tokens: formulas.py reads them."""
import re
from dataclasses import dataclass


class Unreadable(ValueError):
    pass


GREEK = dict(zip("alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi "
                 "psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega".split(),
                 "αβγδεζηθκλμνξπρστφχψωΓΔΘΛΣΦΨΩ"))
FUNCTIONS = set("exp log ln sin cos tan tanh sqrt sigmoid softmax relu max min argmax argmin sign abs"
                .split())
BIG = {"sum": "∑", "prod": "∏"}
RELATIONS = {"=": "=", "<": "<", ">": ">", "<=": "≤", ">=": "≥", "!=": "≠", "->": "→", ":=": "≔", "+=": "+=",
             "-=": "−=", "~": "∼", **{sign: sign for sign in "≠≈≤≥∝→←∈∼"}}
OPERATORS = {"+": "+", "-": "−", "*": "∗", **{sign: sign for sign in "·×⊙±"}}
CLOSING = {"(": ")]", "[": "])", "{": "}", "|": "|"}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ", "0123456789−+T")
ACCENTS = {"hat": "^", "bar": "¯"}

TOKENS = re.compile(r"""(?P<space>\ +) | (?P<number>\d+(?:[.,]\d+)*(?:e[+-]?\d+)?)
    | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ]+) | (?P<mark></?s>) | (?P<prime>'+)
    | (?P<word>[A-Za-z]+'s\b|[A-Za-z]{3,}-[A-Za-z]+|d?[α-ωΑ-Ω]|[A-Za-z]+|[∂∇∞])
    | (?P<dots>\.\.\.?|…) | (?P<script>[_^])
    | (?P<sign>\+=|-=|<=|>=|!=|->|:=|[-+=<>*/,;:|()\[\]{}.~·×⊙±≠≈≤≥∝→←∈∼%])""", re.VERBOSE)


@dataclass
class Token:
    kind: str
    text: str
    spaced: bool  # a space before it


def tokens(text):
    found, at, spaced = [], 0, False
    while at < len(text):
        match = TOKENS.match(text, at)
        if not match:
            raise Unreadable(f"{text[at]!r} in {text!r}")
        at = match.end()
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), spaced))
        spaced = match.lastgroup == "space"
    return found
