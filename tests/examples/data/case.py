"""What the cases of fetch_test.py share: a server, tables and a folder, ./run data there, and what came of it."""
import hashlib
import io
import os
import pathlib
import resource
import signal
import subprocess
import time
import zipfile

from server import Server

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEXT = "".join(f"sentence {i} of the text\n" for i in range(3000)).encode()
OLD, NEW = b"old\talt\n" * 300, b"new\tneu\n" * 300


def sum_of(data):
    return hashlib.sha256(data).hexdigest()


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


class Case:
    def __init__(self, folder):
        self.server, self.folder, self.out = Server(), folder, folder / "out"
        (folder / "sets.tsv").write_text("words\twhat\tsome words\nwords\tnext\ttrain --data OUT\n"
                                         "pictures\twhat\tsome pictures\ntatoeba-LANG\twhat\tpairs\n")
        self.rows()

    def rows(self, *rows, base=None):
        """The table: (set, path, unpack, to, sha256, rules)."""
        with open(self.folder / "files.tsv", "w") as table:
            for name, path, unpack, to, sha, rules in rows:
                print(name, base or self.server.address, path, unpack, to, "-", sha, rules, sep="\t", file=table)

    def words(self, data=TEXT, sha=None, rules="-"):
        """One file, words.txt, and what the server has of it."""
        self.rows(("words", "words.txt", "-", "words.txt", sha or sum_of(data), rules))
        self.server.files["words.txt"] = data

    def start(self, *words, limit=None):
        def limited():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        environment = {**os.environ, "HEED_DATA_TABLES": str(self.folder), "HEED_DATA_WAIT": "0",
                       "HEED_SKIP_SETUP": "1", "LC_ALL": "C", "no_proxy": "127.0.0.1"}
        return subprocess.Popen([ROOT / "run", "data", *map(str, words)], env=environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                start_new_session=True, preexec_fn=limited if limit else None)

    def end(self, process, code, *wanted):
        said = process.communicate(timeout=20)[0]
        joined = " ".join(said.split())
        assert process.returncode == code, f"code {process.returncode}, not {code}:\n{said}"
        for text in wanted:
            assert text in joined, f"'{text}' is not in:\n{said}"

    def fetch(self, code, *wanted, name="words", more=(), limit=None):
        self.end(self.start(name, "--out", self.out, *more, limit=limit), code, *wanted)

    def has(self, **files):
        for name, data in files.items():
            path = self.out / name.replace("__", "/").replace("_txt", ".txt").replace("_tsv", ".tsv")
            if data is None:
                assert not path.exists(), f"{path} is there"
            else:
                assert path.read_bytes() == data, f"{path} is another"


def wait_for(path, size):
    for _ in range(1000):
        if path.exists() and path.stat().st_size >= size:
            return
        time.sleep(0.005)
    raise AssertionError(f"{path} does not come")
