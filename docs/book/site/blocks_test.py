"""Indented blocks: which are formulas, and how their columns stand. ./run book runs this."""
import re
import unittest

import blocks


def rows(html):
    """The cells of each line: (columns before it that are empty, columns that it takes, its kind)."""
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", html):
        cells = re.findall(r'<td(?: class="(\w+)")?(?: colspan="(\d+)")?>', row)
        found.append([(kind or "empty", int(span or 1)) for kind, span in cells])
    return found


class Blocks(unittest.TestCase):
    def test_commands_code_and_tables_stay(self):
        for text in ("build/bin/order", "./run lab bias", "cmake -S . -B build && cmake --build build",
                     "Tape tape;\nTensor loss = model.loss(batch);",
                     "export A=~/heed\ng++ -std=c++20 mine.cpp",
                     "int64_t hidden = 512;", "linear     65.034    121.016",
                     "<s> a dog runs over the green field",
                     "save_file(model.state_dict(), 'x')", "les petites boîtes noires sont vieilles .",
                     "#0  sin  f64 []  from x      = 0.9093  d 2", "nn/   layers: structs with parameters"):
            with self.subTest(text):
                self.assertIsNone(blocks.formulas(text))

    def test_one_line_that_is_no_formula_leaves_the_block(self):
        self.assertIsNotNone(blocks.formulas("c = a + b\nd = a"))
        self.assertIsNone(blocks.formulas("c = a + b\nd = \"a\""))

    def test_a_relation_below_another_begins_a_column(self):
        html = blocks.formulas("dx_i = sum over k of J_ki dy_k\n     = y_i dy_i")
        self.assertEqual(rows(html), [[("joined", 1), ("joined", 1)], [("empty", 1), ("joined", 1)]])

    def test_wide_spaces_begin_a_column(self):
        html = blocks.formulas("c_t = f c_(t-1)      the memory\nh_t = o                what is shown   (3)")
        self.assertEqual([len(row) for row in rows(html)], [3, 4])
        self.assertIn('<span class="words">the memory</span>', html)
        self.assertIn('<span class="number">(3)</span>', html)

    def test_wide_spaces_beside_an_operator_or_in_brackets_do_not(self):
        for text in ("a_t = b  +  c", "c  =  (c + x) / 2.", "a = (0       s - b) / s^2 =     - y_k",
                     "d = sum over k of  a_k"):
            with self.subTest(text):
                self.assertEqual([len(row) for row in rows(blocks.formulas(text))], [1])

    def test_an_empty_line_begins_other_columns(self):
        html = blocks.formulas("i = sigmoid(a_i)     f = sigmoid(a_f)\n\nc_t = f\nh_t = o")
        self.assertEqual(html.count("<table"), 2)

    def test_text_is_escaped(self):
        self.assertIn("&lt;", blocks.formulas("a < b, a = 1"))

    def test_scripts_in_running_text(self):
        parts = blocks.inline("If c_t, →h_j and h_(t-1) are at 10^-6, zero_grad and a_path/x_y stay, as do "
                              "tensor.x_t and AB_c.")
        typeset = [re.sub("<[^>]*>", "", text) for html, text in parts if html]
        self.assertEqual(typeset, ["ct", "h→j", "ht−1", "10−6"])
        self.assertEqual("".join(text for html, text in parts if not html),
                         "If ,  and  are at , zero_grad and a_path/x_y stay, as do tensor.x_t and AB_c.")


if __name__ == "__main__":
    unittest.main()
