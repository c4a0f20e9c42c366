"""The notation of the book as MathML. The formulas are of the chapters; ./run book runs this."""
import re
import unittest
from xml.etree import ElementTree

from formulas import mathml
from notation import Unreadable

SHAPES = {"msub": "{0}_{1}", "msup": "{0}^{1}", "msubsup": "{0}_{1}^{2}", "mfrac": "[{0} over {1}]",
          "munder": "{0}[{1}]", "munderover": "{0}[{1}..{2}]", "mover": "{0}{1}"}


def grouped(text):
    return text if len(text) == 1 or re.fullmatch(r"[(|][^()|]*[)|]", text) else f"({text})"


def shape(element):
    """A formula in one line: how it was understood, whatever the spaces are."""
    inside = [shape(child) for child in element]
    if element.tag in SHAPES:
        scripts = element.tag in ("msub", "msup", "msubsup")
        return SHAPES[element.tag].format(*(map(grouped, inside) if scripts else inside))
    if element.tag == "mspace":
        return " "
    return (element.text or "").replace("\u2061", "").replace("\u00a0", " ") + "".join(inside)


def read(text, small=False):
    return shape(ElementTree.fromstring(f"<math>{mathml(text, small)}</math>"))


class Formulas(unittest.TestCase):
    def check(self, cases):
        for text, wanted in cases.items():
            with self.subTest(text):
                self.assertEqual(read(text), wanted)

    def test_scripts_take_letters_numbers_and_groups(self):
        self.check({"c_t = f c_(t-1) + i g.": "c_t=f c_(t−1)+i g.", "J_ki dy_k": "J_(ki) dy_k",
                    "W_2^T x": "W_2^T x", "x^2": "x^2", "h²": "h^2", "10⁻⁶": "(10)^(−6)",
                    "y_{t-1}": "y_(t−1)",
                    "alpha_i1": "α_(i1)", "y_k,t-1": "y_(k,t−1)", "f(x_i,y_j)": "f(x_i,y_j)"})

    def test_accents_belong_to_what_they_touch(self):
        self.check({"h~_t": "(h~)_t", "yhat_t": "(y^)_t", "y* ~ p": "y^∗∼p", "f'(a) a' ε": "f′(a) a′ ε",
                    "[→h_j; ←h_j]": "[(h→)_j;(h←)_j]", "f'''": "f′′′", "what": "what"})

    def test_fractions(self):
        self.check({"dy/dx = dy/du · du/dx": "[dy over dx]=[dy over du]·[du over dx]",
                    "(f(x + h) - f(x - h)) / 2h": "[f(x+h)−f(x−h) over 2h]",
                    "-1/T (a + b)": "−[1 over T] (a+b)",
                    "h²/2 f''": "[h^2 over 2] f′′", "d²L/da db = 2": "[d^2L over da db]=2",
                    "d log p(s)/dθ": "[d log p(s) over dθ]", "b d/dθ [x]": "b [d over dθ] [x]",
                    "e^(x_i) / (e^(x_0) + ..)": "[e^(x_i) over e^(x_0)+…]"})
        self.assertEqual(read("a/b", small=True), "a/b")
        self.assertEqual(read("10^(-16/5)"), "(10)^(−16/5)")

    def test_sums(self):
        self.check({"sum over k of  J_ki dy_k": "∑[k] J_(ki) dy_k",
                    "e / sum_k e^(e_ik) + 1": "[e over ∑[k] e^(e_(ik))]+1",
                    "sum over edges (i, k) of g_k": "∑[edges (i,k)] g_k", "prod_t p(y_t)": "∏[t] p(y_t)",
                    "sum of a  /  sum of b": "[∑ a over ∑ b]", "sum_(t=1)^T x_t": "∑[t=1..T] x_t",
                    "sum(x)": "sum(x)"})

    def test_words_functions_and_differentials(self):
        self.check({"mean of (a x + b - y)²": "mean of (a x+b−y)^2",
                    "slope of k by i · g_k": "slope of k by i·g_k",
                    "o tanh(c_t)": "o tanh(c_t)", "-log p_y": "−log p_y",
                    "slope of a copy": "slope of a copy",
                    "state_t = cell(x_t)": "(state)_t=cell(x_t)", "dalpha_j = h_j · dc": "dα_j=h_j·dc",
                    "p(y_t | y_1 .. y_(t-1), x)": "p(y_t|y_1 … y_(t−1),x)", "|g_s|²": "|g_s|^2",
                    "p  -=  rate · g": "p−= rate ·g", "i ≠ k:": "i≠k:", "S sigmoid(v)": "S sigmoid(v)"})

    def test_letters_lean_and_functions_stand(self):
        self.assertIn("<mi>tanh</mi>", mathml("tanh(x)"))
        self.assertIn('<mi mathvariant="normal">d</mi><mi>x</mi>', mathml("dx"))
        self.assertIn('form="prefix"', mathml("e(-q)"))
        self.assertNotIn('form="prefix"', mathml("q - 1").replace('fence="true" form="prefix"', ""))

    def test_what_is_no_formula_is_refused(self):
        for text in ("build/bin/order", "Tape tape;", "model.loss(batch)", "f(x", "x)", "a # b", '"x"',
                     "x_ y", "/ 2", "sum over k", "std::vector<Tensor> a", "x_)"):
            with self.subTest(text), self.assertRaises(Unreadable):
                mathml(text)


if __name__ == "__main__":
    unittest.main()
