#!/usr/bin/env python3
"""./run data against a server of its own, which cuts, redirects, lacks and damages; and against copies in folders.

Each case has a server, tables and a folder of its own; they run side by side. fetch_test.py WORD: only such cases."""
import concurrent.futures
import gzip
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import traceback

from case import NEW, OLD, TEXT, Case, sum_of, wait_for, zipped
from flickr8k_test import flickr8k_is_taken_as_it_is_published

# --- What is asked for, and what there is --------------------------------------------------------


def a_set_is_fetched_unpacked_and_found_again(case):
    archive = zipped({"list.txt": b"a.jpg\n", "photos/a.jpg": b"a" * 999, "photos/b.jpg": b"b", "__MACOSX/._a": b"x"})
    case.server.files.update({"raw/train.en.gz": gzip.compress(TEXT), "tok/train.en": OLD, "all.zip": archive})
    case.rows(("words", "raw/train.en.gz", "gunzip", "train.txt", sum_of(TEXT), "-"),
              ("words", "tok/train.en", "-", "tok/train.txt", sum_of(OLD)[:8], "-"),
              ("words", "all.zip", "unzip list.txt", "list.txt", "-", "-"),
              ("words", "all.zip", "unzip photos/", "photos/", "-", "-"),
              ("words", "raw/late.en.gz", "gunzip", "late.txt", "-", "optional"),
              ("words", "all.zip", "unzip about", "about", "-", "optional"))
    for _ in range(2):
        case.fetch(0, f"train --data {case.out}", "4 files, each checked", "without", "late.txt about")
    case.has(train_txt=TEXT, tok__train_txt=OLD, list_txt=b"a.jpg\n", late_txt=None)
    assert sorted(os.listdir(case.out)) == ["fetched.sums", "list.txt", "photos", "tok", "train.txt"]
    assert sorted(os.listdir(case.out / "photos")) == ["a.jpg", "b.jpg"]
    assert len(case.server.starts("tok/train.en")) == 1 and len(case.server.starts("raw/late.en.gz")) == 2
    (case.out / "photos/b.jpg").write_bytes(b"B")
    case.fetch(1, "photos/ was changed after the fetch of", "Nothing was touched")
    (case.out / "train.txt").write_bytes(b"mine")
    case.fetch(1, "train.txt was changed after the fetch of")
    case.has(train_txt=b"mine")


def a_copy_is_taken_as_it_is_at_hand(case):
    case.rows(("words", "a/1.gz", "gunzip", "one.txt", sum_of(TEXT), "-"),
              ("words", "a/2.zip", "unzip 2", "two.txt", sum_of(OLD), "-"),
              ("words", "a/3", "-", "sub/three.txt", sum_of(NEW), "-"), ("words", "4", "-", "4", "-", "optional"))
    copy = case.folder / "copy"
    (copy / "a").mkdir(parents=True)
    (copy / "a/1.gz").write_bytes(gzip.compress(TEXT))
    case.fetch(1, "lacks: 2.zip (or a/2.zip, or two.txt) 3 (or a/3, or sub/three.txt)", more=["--from", copy])
    case.has(one_txt=None)
    (copy / "2.zip").write_bytes(zipped({"2": OLD}))
    (copy / "a/1.gz").unlink()
    case.fetch(1, "lacks: 3 (or", more=["--from", copy])
    (copy / "sub").mkdir()
    (copy / "sub/three.txt").write_bytes(NEW)
    case.fetch(0, "without, as they could not be had: 4", more=["--from", copy])
    case.has(one_txt=TEXT, two_txt=OLD, sub__three_txt=NEW)
    case.fetch(1, "no such folder", more=["--from", case.folder / "none"])


def a_mirror_takes_the_place_of_the_base(case):
    case.words()
    case.rows(("words", "words.txt", "-", "words.txt", sum_of(TEXT), "-"), base="http://127.0.0.1:1/")
    case.fetch(1, "the host does not answer", "By hand", "--from DIR")
    case.fetch(0, more=["--from", case.server.address])
    case.has(words_txt=TEXT)


def a_wrong_name_is_answered_with_the_nearest(case):
    case.fetch(2, "no set wrods; did you mean ./run data words?", "There are: words pictures tatoeba-LANG",
               name="wrods")
    case.fetch(2, "three letters", name="tatoeba-french")
    case.fetch(2, "three letters", name="tatoeba-LANG")
    case.fetch(2, "not --form", more=["--form", "x"])
    case.end(case.start(), 0, "usage: ./run data NAME", "what: some pictures")
    assert not case.out.exists()


# --- What is not as it should be -----------------------------------------------------------------


def a_wrong_sum_is_not_kept(case):
    case.words(sha=sum_of(OLD))
    case.fetch(1, "words.txt is not what it should be", sum_of(TEXT), sum_of(OLD))
    case.has(words_txt=None)
    case.server.files["words.txt"] = OLD
    case.fetch(0)
    case.has(words_txt=OLD)
    case.rows(("words", "packed.gz", "gunzip", "packed.txt", sum_of(TEXT), "-"))
    for data, code in (OLD, 1), (TEXT, 0):
        case.server.files["packed.gz"] = gzip.compress(data)
        case.fetch(code)
    case.has(packed_txt=TEXT, words_txt=OLD)


def a_sum_that_nobody_published_is_kept(case):
    case.words(sha="-")
    case.fetch(0, sum_of(TEXT), "no sum is published")
    (case.out / "words.txt").unlink()
    case.server.files["words.txt"] = NEW
    case.fetch(1, sum_of(NEW), sum_of(TEXT), "remove that line")
    case.has(words_txt=None)
    case.server.files["words.txt"] = TEXT
    case.fetch(0, "as in the fetch of 20")


def a_dated_sum_admits_newer_files(case):
    case.rows(("tatoeba-fra", "fra-eng.zip", "unzip fra.txt", "eng-fra.tsv", sum_of(OLD), "dated 2019-04-07"),
              ("tatoeba-LANG", "LANG-eng.zip", "unzip LANG.txt", "eng-LANG.tsv", "-", "dated"))
    for language in "fra", "deu":
        case.server.files[f"{language}-eng.zip"] = zipped({f"{language}.txt": NEW})
    case.fetch(0, "another version than that of 2019-04-07", sum_of(NEW), name="tatoeba-fra")
    case.fetch(0, "no sum is published", name="tatoeba-deu")
    (case.folder / "fra-eng.zip").write_bytes(zipped({"fra.txt": OLD}))
    shutil.rmtree(case.out)
    case.fetch(0, "as it should be", name="tatoeba-fra", more=["--from", case.folder])
    assert (case.out / "eng-fra.tsv").read_bytes() == OLD


def damage_is_seen(case):
    for name, unpack, data in ("w.gz", "gunzip", gzip.compress(TEXT)), ("w.zip", "unzip w", zipped({"w": TEXT})):
        case.rows(("words", name, unpack, "words.txt", "-", "-"))
        case.server.files[name] = data[:200] + bytes(b ^ 85 for b in data[200:300]) + data[300:]
        case.fetch(1, "came damaged", name.replace("w.", "").replace("gz", "gzip"))
        case.has(words_txt=None)
        case.server.files[name] = data
        case.fetch(0)
        case.has(words_txt=TEXT)
        shutil.rmtree(case.out)


def what_lies_there_is_not_overwritten(case):
    case.words()
    case.out.mkdir()
    (case.out / "words.txt").write_bytes(b"mine")
    case.fetch(1, "is there already", "Nothing was touched")
    case.has(words_txt=b"mine")
    (case.out / "words.txt").write_bytes(TEXT)
    case.fetch(0, "was there: ", "as it should be")
    assert not case.server.asked


# --- The network, the disk, the user -------------------------------------------------------------


def a_cut_transfer_goes_on(case):
    case.words()
    case.server.faults["words.txt"] = ("cut", 30000)
    case.fetch(0, "cut at 30000 bytes; going on")
    case.has(words_txt=TEXT)
    assert case.server.starts("words.txt") == [None, 30000, 60000], case.server.asked


def a_transfer_that_never_gets_on_ends(case):
    case.words()
    case.server.faults["words.txt"] = ("cut", 0)
    case.fetch(1, "the transfer was cut several times", "By hand")
    assert len(case.server.asked) == 5


def a_file_is_not_pieced_together_from_two(case):
    case.words(NEW + TEXT, sha="-")
    case.server.faults["words.txt"] = ("stall", 30000)
    process = case.start("words", "--out", case.out)
    wait_for(case.out / ".part/got/words.txt.part", 20000)  # curl writes in blocks
    os.killpg(process.pid, signal.SIGINT)
    case.end(process, 130, "interrupted; what has come is kept")
    case.has(words_txt=None)
    case.server.files["words.txt"], case.server.faults = OLD + TEXT, {}
    case.fetch(0)
    case.has(words_txt=OLD + TEXT)


def an_interrupted_transfer_goes_on(case):
    case.words()
    case.server.faults["words.txt"] = ("stall", 30000)
    process = case.start("words", "--out", case.out)
    wait_for(case.out / ".part/got/words.txt.part", 20000)  # curl writes in blocks
    case.fetch(1, f"process {process.pid} is fetching")
    os.killpg(process.pid, signal.SIGINT)
    case.end(process, 130, "interrupted; what has come is kept")
    case.server.faults = {}
    case.fetch(0)
    case.has(words_txt=TEXT)
    first, second = case.server.starts("words.txt")
    assert first is None and 20000 <= second <= 30000, case.server.asked


def a_server_without_ranges_begins_again(case):
    case.words()
    got = case.out / ".part/got"
    got.mkdir(parents=True)
    (got / "words.txt.part").write_bytes(TEXT[:5000])
    case.server.faults["words.txt"] = "no ranges"
    case.fetch(0)
    case.has(words_txt=TEXT)
    assert case.server.starts("words.txt") == [5000, None]


def a_whole_part_is_whole(case):
    case.words()
    got = case.out / ".part/got"
    got.mkdir(parents=True)
    (got / "words.txt.part").write_bytes(TEXT)
    (case.out / ".part/lock").write_text("99999999\n")  # of a process that was killed
    case.fetch(0)
    case.has(words_txt=TEXT)
    assert case.server.starts("words.txt") == [len(TEXT)]


def redirects_and_refusals(case):
    case.words()
    case.server.faults["words.txt"] = "circle"
    case.fetch(1, "in a circle")
    del case.server.files["words.txt"]
    case.server.faults["words.txt"] = "redirect"
    case.fetch(1, "no such file (HTTP 404)", f"{case.server.address}words.txt", "By hand: bring that file")
    case.has(words_txt=None)
    case.words()
    case.fetch(0)
    shutil.rmtree(case.out)
    case.server.faults["words.txt"] = "busy"
    case.fetch(0)
    case.has(words_txt=TEXT)


def a_full_disk_ends_it_and_it_goes_on(case):
    case.words()
    case.fetch(1, "could not be written", "free in", limit=20480)
    case.has(words_txt=None)
    case.fetch(0)
    case.has(words_txt=TEXT)
    assert case.server.starts("words.txt") == [None, 20480], case.server.asked
    shutil.rmtree(case.out)
    for unpack, data in ("gunzip", gzip.compress(TEXT)), ("unzip w", zipped({"w": TEXT})):
        case.rows(("words", "words.pack", unpack, "words.txt", "-", "-"))
        case.server.files["words.pack"], case.server.asked = data, []
        case.fetch(1, "could not be written", limit=20480)
        case.fetch(0)
        case.has(words_txt=TEXT)
        assert len(case.server.asked) == 1
        shutil.rmtree(case.out)


def run(case, folder):
    folder.mkdir()
    try:
        case(Case(folder))
    except Exception:
        return f"FAILED  {case.__name__.replace('_', ' ')}\n{traceback.format_exc(limit=-2)}"


def main():
    for tool in "curl", "unzip":
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed")
            return 77
    wanted = [case for case in CASES if all(word in case.__name__ for word in sys.argv[1:])]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(8) as pool:
        said = pool.map(lambda case: run(case, pathlib.Path(folder) / case.__name__), wanted)
        found = [text for text in said if text]
    print(*found, f"{len(wanted)} cases, {len(found)} failed", sep="\n")
    return bool(found)


CASES = [case for name, case in list(globals().items())
         if getattr(case, "__module__", "") == __name__ and name not in ("run", "main")]
CASES.append(flickr8k_is_taken_as_it_is_published)

if __name__ == "__main__":
    sys.exit(main())
