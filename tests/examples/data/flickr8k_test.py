"""Flickr8k in the layout in which it is published, by the tables of the checkout: what ./run data makes of it is what
caption takes as it lies, from the fetch to a training and its captions. Pictures and captions are made here.

A program given by HEED_CAPTION trains; without it there is only the fetch."""
import os
import shutil
import struct
import subprocess
import zlib

from case import ROOT, zipped

SPLITS = {"train": ("1.jpg", "2.jpg", "3.jpg"), "dev": ("4.jpg",), "test": ("5.jpg",)}


def picture(shade):
    """A PNG of 500 x 375, as most of the originals are; that its name says .jpg does not matter."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes((shade, 99, 200)) * 500) * 375
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 500, 375, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def publish(server):
    names = [name for split in SPLITS.values() for name in split]
    captions = [f"{name}#{number}\tA child with {name[0]} red balls .\n" for name in names for number in range(5)]
    text = {"Flickr8k.token.txt": "".join(captions) + "9.jpg.1#0\tits own mistake\n", "readme.txt": "as published"}
    for split, listed in SPLITS.items():
        text[f"Flickr_8k.{split}Images.txt"] = "\n".join(listed) + "\n"
    photographs = {f"Flicker8k_Dataset/{name}": picture(40 * int(name[0])) for name in names}
    server.files["Flickr8k_text.zip"] = zipped(text)
    server.files["Flickr8k_Dataset.zip"] = zipped({**photographs, "__MACOSX/Flicker8k_Dataset/._1.jpg": b"not one"})


def flickr8k_is_taken_as_it_is_published(case):
    for name in "sets.tsv", "files.tsv":
        shutil.copy(ROOT / "examples/data" / name, case.folder)
    publish(case.server)
    case.fetch(0, "has 5 files", "--preset small --out runs/soft", name="flickr8k",
               more=("--from", case.server.address))
    assert not (case.out / "__MACOSX").exists()
    captioner = os.environ.get("HEED_CAPTION")
    if not captioner:
        return
    train = (captioner, "train", "--data", case.out, "--encoder", "small", "--preset", "demo", "--epochs", "1", "--hidden",
             "8", "--out", case.folder / "run")
    for command, wanted in ((train, "3 / 1 / 1 pictures (train / dev / test), 25 captions"),
                            ((captioner, "eval", "--run", case.folder / "run", "--split", "test"), "test: 1 pictures")):
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        said = ended.stdout + ended.stderr
        assert ended.returncode == 0 and wanted in said, said
