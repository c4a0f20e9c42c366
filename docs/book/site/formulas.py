"""Reads a formula in the plain notation of the book, and writes it as MathML.

    alpha_ij = e^(e_ij) / sum_k e^(e_ik)       y~_t = f(y_(t-1), c)'       sum over k of J_ki dy_k       dy/dx

An identifier is one letter, or the name of a Greek one; d and such a letter are a differential. Longer words
are text, or functions if ( follows. README.md has the rest of the notation. What cannot be read raises Unreadable:
the caller leaves that as it was.
"""
from html import escape

from items import Item, accented, attach, chain_before, letter, row_of, sign_html, upright, write
from notation import (ACCENTS, BIG, CLOSING, FUNCTIONS, GREEK, OPERATORS, RAISED, Token, Unreadable, tokens)


class Parser:
    def __init__(self, text, small=False):
        self.tokens, self.at, self.depth = tokens(text), 0, 0
        self.small = small  # within a line of text or a script, fractions stay on the line

    # --- Looking ahead ---------------------------------------------------------------------------

    def peek(self, ahead=0):
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else Token("end", "", True)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def touches(self, *texts):
        return not self.peek().spaced and self.peek().text in texts

    def is_words(self, ahead):
        """Whether a plain word of the language stands there."""
        token, then = self.peek(ahead), self.peek(ahead + 1)
        if token.kind != "word" or len(token.text) == 1:
            return False
        if not then.spaced and then.text in ("(", "[", "_", "^"):
            return False
        return not (self.identifier(token.text) or token.text in FUNCTIONS)

    @staticmethod
    def identifier(word):
        """The MathML of an identifier, or None if the word is a word."""
        if len(word) == 1 or word in GREEK:
            return letter(word)
        accent = ACCENTS.get(word[1:]) if word not in ("what", "that", "chat") else None
        return accented(letter(word[0]), accent) if accent else None

    @staticmethod
    def differential(word):
        """Of dx, dW, dalpha: what is behind the d; else an empty string."""
        rest = word[1:]
        return rest if word[0] == "d" and (len(rest) == 1 and rest != "o" or rest in GREEK) else ""

    # --- Rows --------------------------------------------------------------------------------------

    def row(self, closing=""):
        items = []
        while self.peek().kind != "end":
            token = self.peek()
            if token.text in closing and not self.conditional():
                return items
            if token.text in (")", "]", "}"):
                raise Unreadable("a bracket that nothing opened")
            if token.text == "/":
                self.divide(items)
            elif token.text in "→←" and self.peek(1).kind == "word" and not self.peek(1).spaced:
                items.append(self.under_arrow())
            elif token.kind == "sign" and (token.text not in CLOSING or self.conditional()):
                items.append(self.operator(items))
            else:
                items.append(self.factor())
        if closing:
            raise Unreadable("a bracket that nothing closes")
        return items

    def under_arrow(self):
        """→h_j: the state of the reader that goes forwards."""
        arrow, word = self.take(), self.take()
        base = accented(letter(word.text), arrow.text)
        return self.scripted(Item("factor", base, arrow.spaced, name=word.text))

    def conditional(self):
        """Whether a | stands there that separates: with spaces on both sides."""
        token, then = self.peek(), self.peek(1)
        return token.text == "|" and token.spaced and then.spaced and then.kind != "end"

    def operator(self, items):
        token = self.take()
        sign, end = token.text, self.peek().kind == "end"
        if sign == "." and not end and not (self.peek().spaced or self.peek().text in (")", "]")):
            raise Unreadable("a name with a point in it")
        if sign == ";" and end and not self.depth or sign == ":" and self.touches(":"):
            raise Unreadable("code")
        first = not items or items[-1].kind == "operator" and items[-1].name != "%"
        return Item("operator", sign_html(sign, first, end), token.spaced, name=sign)

    # --- Factors -----------------------------------------------------------------------------------

    def factor(self):
        token = self.take()
        if token.kind == "number":
            return self.scripted(Item("factor", f"<mn>{token.text}</mn>", token.spaced, name="number"))
        if token.kind == "word":
            return self.word(token)
        if token.kind == "mark":
            return Item("factor", f"<mtext>{escape(token.text)}</mtext>", token.spaced)
        if token.kind == "dots":
            return Item("factor", "<mi>…</mi>", token.spaced)
        if token.text in CLOSING:
            return self.scripted(self.group(token))
        raise Unreadable(f"{token.text} with nothing before it")

    def group(self, opening):
        self.depth += 1
        inner = write(self.row(CLOSING[opening.text]))
        self.depth -= 1
        # A descender does not make brackets tall, and the letters below a sum not much.
        size = "" if "<mfrac" in inner else ' maxsize="1.6em"' if "<munder" in inner else ' stretchy="false"'
        fence = '<mo lspace="0" rspace="0" fence="true"' + size + ' form="{}">{}</mo>'
        html = fence.format("prefix", opening.text) + inner + fence.format("postfix", self.take().text)
        bare = "" if opening.text == "|" else inner
        return Item("factor", f"<mrow>{html}</mrow>", opening.spaced, inner=bare)

    def word(self, token):
        word = token.text
        if word in BIG and (self.touches("_") or self.peek().text in ("over", "of")):
            return self.big(token)
        base = self.identifier(word)
        if word == "a" and self.at > 1 and self.is_words(-2) and self.is_words(0) and self.peek().spaced:
            return Item("text", "a", token.spaced)  # the article
        if base:
            return self.scripted(Item("factor", base, token.spaced, name=word))
        if self.differential(word):
            item = self.scripted(Item("factor", letter(self.differential(word)), token.spaced))
            item.html, item.name = "<mrow>" + upright("d") + item.html + "</mrow>", "differential"
            return item
        if word in FUNCTIONS and not self.touches("(", "["):
            return self.applied(token)
        if self.touches("(", "[", "_", "^"):
            return self.scripted(Item("factor", upright(word), token.spaced, name=word))
        return Item("text", word, token.spaced)

    def applied(self, token):
        """A function and what follows it without brackets: log p(y)."""
        item = self.scripted(Item("factor", upright(token.text), token.spaced, name=token.text))
        if self.peek().kind in ("word", "number") or self.peek().text in ("(", "["):
            if self.peek().kind == "word" and self.peek().text in BIG:
                return item
            argument = self.factor()
            if argument.kind == "text":
                raise Unreadable("a function of words")
            item.html = f'<mrow>{item.html}<mo>\u2061</mo><mspace width="0.17em"/>{argument.html}</mrow>'
        return item

    def big(self, token):
        sign, under, over = f'<mo movablelimits="false">{BIG[token.text]}</mo>', "", ""
        if self.touches("_"):
            self.take()
            under = self.script()
            if self.touches("^"):
                self.take()
                over = self.script()
        elif self.take().text == "over":
            start, level = self.at, 0
            while self.peek().text != "of" or level:
                if self.peek().kind == "end":
                    raise Unreadable("a sum over something, but of what?")
                level += self.peek().text in ("(", "[")
                level -= self.take().text in (")", "]")
            under = self.part(self.tokens[start:self.at])
            self.take()
        html = (f"<munderover>{sign}{under}{over}</munderover>" if over else
                f"<munder>{sign}{under}</munder>" if under else sign)
        return Item("big", html, token.spaced)

    def part(self, some):
        inner = Parser("", small=True)
        inner.tokens = some
        return write(inner.row())

    # --- Scripts, accents, calls -------------------------------------------------------------------

    def scripted(self, item):
        sub, sup, called = "", [], False
        named = bool(item.name) and item.name != "number"
        while not self.peek().spaced:
            token = self.peek()
            if token.kind == "prime" and named:
                primes = "′" * len(self.take().text)
                base = attach(item.html, sub, sup)
                item.html = f'<mrow>{base}<mo lspace="0" rspace="0">{primes}</mo></mrow>'
                sub, sup = "", []
            elif token.text == "~" and named and not (sub or sup):
                self.take()
                item.html = accented(item.html, "~")
            elif token.text == "*" and named and (self.peek(1).spaced or self.peek(1).text in ")],_"):
                self.take()
                sup.append("<mo>∗</mo>")
            elif token.kind == "raised":
                sup.append(f"<mn>{self.take().text.translate(RAISED)}</mn>")
            elif token.text == "_" and not sub:
                self.take()
                sub = self.script()
            elif token.text == "^":
                self.take()
                sup.append(self.script(raised=True))
            elif token.text in ("(", "[") and named and not called:
                base = attach(item.html, sub, sup)
                sub, sup, called, item.inner = "", [], True, ""
                item.html = f"<mrow>{base}<mo>\u2061</mo>{self.group(self.take()).html}</mrow>"
            else:
                break
        if sub or sup:
            item.inner = ""
        item.squared = "<mn>2</mn>" in sup
        item.html = attach(item.html, sub, sup)
        return item

    def script(self, raised=False):
        token = self.take()
        if token.spaced:
            raise Unreadable("a script without anything in it")
        if token.text in ("(", "{"):
            outer, self.small = self.small, True
            inner = write(self.row(CLOSING[token.text]))
            self.small = outer
            self.take()
            return inner
        if token.kind == "word":
            return self.script_word(token.text, raised)
        if token.kind == "number":
            return f"<mn>{token.text}</mn>"
        if token.text == "-" and self.peek().kind in ("number", "word"):
            return f"<mrow><mo form=\"prefix\">−</mo>{self.script(raised)}</mrow>"
        if token.text in ("*", "+"):
            return f"<mo>{OPERATORS[token.text]}</mo>"
        raise Unreadable(f"{token.text} as a script")

    def script_word(self, word, raised):
        parts = [upright("T")] if raised and word == "T" else \
                [letter(word)] if word in GREEK else \
                [letter(one) for one in word] if len(word) < 3 else [f"<mtext>{word}</mtext>"]
        if not raised and self.peek().kind == "number" and not self.peek().spaced:
            parts.append(f"<mn>{self.take().text}</mn>")
        first, then = self.peek(1), self.peek(2)  # y_k,t-1 but not f(x_i,y)
        if self.touches(",") and not first.spaced and (first.kind == "number" or then.text in ("-", "+")):
            while not self.peek().spaced and (self.peek().kind in ("word", "number") or self.touches(*",-+")):
                token = self.take()
                parts.append(f"<mn>{token.text}</mn>" if token.kind == "number" else
                             letter(token.text) if token.kind == "word" else
                             f"<mo lspace=\"0\" rspace=\"0\">{OPERATORS.get(token.text, token.text)}</mo>")
        return row_of(parts)

    # --- Fractions ---------------------------------------------------------------------------------

    def divide(self, items):
        slash = self.take()
        tight = not slash.spaced and not self.peek().spaced
        over = chain_before(items, tight)
        if not over or self.peek().kind == "end":
            raise Unreadable("/ with nothing beside it")
        under = [self.factor()]
        if tight and over[-1].kind == under[0].kind == "text":
            raise Unreadable("a path")
        if under[0].kind == "big":
            while self.peek().kind != "sign" or self.peek().text in CLOSING:
                if self.peek().kind == "end":
                    break
                under.append(self.factor())
        while not self.peek().spaced and self.peek().kind in ("word", "number"):
            under.append(self.factor())
        if under[0].name == "differential":
            while over[0].squared and self.peek().kind == "word" and self.differential(self.peek().text):
                under.append(self.factor())
            if items and items[-1].name == "d" and items[-1].kind == "factor":
                over.insert(0, items.pop())
            if over[0].name == "d":
                over[0].html = over[0].html.replace(letter("d"), upright("d"), 1)
        items.append(self.fraction(over, under, tight))

    def fraction(self, over, under, tight):
        spaced = over[0].spaced
        if self.small or "text" in (over[-1].kind, under[0].kind):
            html = write(over) + '<mo lspace="0.05em" rspace="0.05em">/</mo>' + write(under)
            return Item("factor", f"<mrow>{html}</mrow>", spaced)
        numbers = tight and len(over) == len(under) == 1 and over[0].name == under[0].name == "number"
        sides = [side[0].inner if len(side) == 1 and side[0].inner else write(side) for side in (over, under)]
        style = ' displaystyle="false"' if numbers else ""
        return Item("factor", f"<mfrac{style}>{sides[0]}{sides[1]}</mfrac>", spaced)


def mathml(text, small=False):
    """The formula as the inside of a <math> element. Raises Unreadable."""
    return write(Parser(text, small).row())
