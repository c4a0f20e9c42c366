"""check.py sees what is wrong with a site. ./run book runs this."""
import tempfile
import unittest
from pathlib import Path

from check import Site

PAGE = '<html><link rel="stylesheet" href="s.css"><h1 id="top">x</h1>{}</html>'


class Check(unittest.TestCase):
    def found(self, body, style=""):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            (folder / "a.html").write_text(PAGE.format(body), encoding="utf-8")
            (folder / "b.html").write_text(PAGE.format(""), encoding="utf-8")
            (folder / "s.css").write_text(style, encoding="utf-8")
            (folder / "m.js").write_text('import a from "./n.js";\n', encoding="utf-8")
            (folder / "live").mkdir()
            (folder / "live/heed.html").write_text('<section id="train"></section><section id="tape"></section>',
                                                   encoding="utf-8")
            site = Site(folder)
            site.check_pages()
            return [line.replace(name, "").replace(str(folder), "") for line in site.wrong]

    def test_a_good_page_passes(self):
        body = '<a href="b.html#top">b</a><a href="#top">a</a><a href="https://a.org/">out</a>'
        self.assertEqual(self.found(body), [])

    def test_links_that_lead_nowhere(self):
        for link in ("c.html", "/b.html", "../x.html", "b.html#none", "#none", "file:///b.html"):
            with self.subTest(link):
                found = self.found(f'<a href="{link}">x</a>')
                self.assertEqual(len(found), 1)
                self.assertIn(link, found[0])

    def test_resources_that_ask_the_network(self):
        for body in ('<script src="https://a.org/x.js"></script>', '<img src="//a.org/x.png">',
                     "<style>@import url(https://a.org/x.css);</style>", '<img src="none.png">'):
            with self.subTest(body):
                self.assertEqual(len(self.found(body)), 1)
        for style in ("@import url(/javascript/x.css);", "a { background: url('http://a.org/x.png') }"):
            with self.subTest(style):
                self.assertEqual(len(self.found("", style)), 1)

    def test_figures_that_run(self):
        for page in ("live/heed.html#only=train", "live/heed.html#only=train,tape"):
            self.assertEqual(self.found(f'<div data-page="{page}"></div>'), [])
        for page in ("live/heed.html#only=trian", "heed.html#only=train", "live/heed.html"):
            with self.subTest(page):
                self.assertEqual(len(self.found(f'<div data-page="{page}"></div>')), 1)

    def test_a_script_that_imports_another(self):
        self.assertEqual(len(self.found('<script src="m.js"></script>')), 1)


if __name__ == "__main__":
    unittest.main()
