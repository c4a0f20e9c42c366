#!/usr/bin/env python3
"""Writes the small files of weights that the tests and the fuzzer read, by the libraries whose form they have (torch,
numpy); those of Caffe and the malicious ones byte by byte. They are kept: tests/campaign/fuzz/seeds/weights."""
import collections
import io
import os
import struct
import zipfile
import zlib

import numpy
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS = os.path.join(HERE, "../../../campaign/fuzz/seeds")

both = torch.arange(6.0).reshape(2, 3)
STATE = collections.OrderedDict([
    ("conv.weight", (torch.arange(24.0).reshape(2, 3, 2, 2) - 12) / 4),
    ("conv.bias", (torch.arange(2.0) + 0.5).half()),
    ("turned", both.t()),      # not dense
    ("part", both[1, 1:]),     # of the same storage
    ("double", torch.arange(3.0, dtype=torch.float64) / 3),
    ("count", torch.tensor(7)),
])


def write(reader, name, content):
    with open(os.path.join(SEEDS, reader, name), "wb") as file:
        file.write(content)


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def old(value, **options):
    return saved(value, _use_new_zipfile_serialization=False, **options)


# --- torch and numpy

write("weights", "good_pth", saved(STATE))
write("weights", "good_pth_4", saved(STATE, pickle_protocol=4))
write("weights", "good_old_pth", old(STATE))
write("weights", "good_old_pth_4", old(STATE, pickle_protocol=4))
nested = {"epoch": 3, "loss": 0.5, "state_dict": collections.OrderedDict(
    ("module." + name, torch.nn.Parameter(value) if value.is_floating_point() else value)
    for name, value in STATE.items())}
write("weights", "good_nested", saved(nested))
arrays = {name: value.numpy() for name, value in STATE.items()}
for name, save in (("good_npz", numpy.savez), ("good_npz_packed", numpy.savez_compressed)):
    file = io.BytesIO()
    save(file, **arrays)
    write("weights", name, file.getvalue())
file = io.BytesIO()
numpy.savez(file, network=numpy.array({"conv": 1}, dtype=object))
write("weights", "bad_npz_objects", file.getvalue())
file = io.BytesIO()
numpy.save(file, arrays["conv.weight"])
write("weights", "bad_npy", file.getvalue())
write("weights_parts", "good_npy", file.getvalue())
file = io.BytesIO()
numpy.save(file, arrays["turned"])
write("weights_parts", "good_npy_fortran", file.getvalue())
pth = zipfile.ZipFile(io.BytesIO(saved({"one": torch.arange(4.0)})))
write("weights_parts", "good_pickle", pth.read("archive/data.pkl"))

# --- Caffe: protobuf, by hand


def varint(number):
    content = b""
    while number > 127:
        content += bytes([number & 127 | 128])
        number >>= 7
    return content + bytes([number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def blob(array):
    shape = field(7, field(1, b"".join(varint(size) for size in array.shape)))
    if array.dtype == numpy.float64:
        return shape + field(8, array.tobytes())
    return shape + field(5, array.astype("<f4").tobytes())


def old_blob(array):
    """Four sizes, and each number a field of its own, as before packing."""
    sizes = [1] * (4 - array.ndim) + list(array.shape)
    head = b"".join(varint(i << 3) + varint(size) for i, size in enumerate(sizes, 1))
    return head + b"".join(varint(5 << 3 | 5) + struct.pack("<f", number) for number in array.astype("<f4").ravel())


weight, bias = arrays["conv.weight"], arrays["conv.bias"]
write("weights", "good_caffemodel",
      field(1, b"net") + field(100, field(1, b"data") + field(2, b"Input")) +
      field(100, field(1, b"conv") + field(2, b"Convolution") + field(7, blob(weight)) + field(7, blob(bias))) +
      field(100, field(1, b"scale") + field(7, blob(arrays["double"]))))
write("weights", "good_old_caffemodel",
      field(1, b"net") + field(2, field(4, b"conv") + varint(5 << 3) + varint(4) + field(6, old_blob(weight)) +
                               field(6, old_blob(bias))))
write("weights", "bad_first_caffemodel", field(1, b"net") + field(2, field(1, field(1, b"conv"))))

# --- pickles that would run something


def evil(name, body):
    write("weights_parts", name, b"\x80\x02" + body + b".")


GLOBAL, CALL = b"cos\nsystem\n", b"X\x04\x00\x00\x00true\x85R"
evil("bad_global", GLOBAL + CALL)
evil("bad_stack_global", b"\x8c\x02os\x8c\x06system\x93" + CALL)
evil("bad_inst", b"(X\x04\x00\x00\x00trueios\nsystem\n")
evil("bad_obj", b"(" + GLOBAL + b"X\x04\x00\x00\x00trueo")
evil("bad_obj_known", b"(ccollections\nOrderedDict\no")
evil("bad_newobj", b"ccollections\nOrderedDict\n)\x81")
evil("bad_newobj_ex", b"ccollections\nOrderedDict\n)}\x92")
evil("bad_build", b"ctorch\nFloatStorage\n}X\x0c\x00\x00\x00__setstate__K\x01sb")
evil("bad_build_state", b"ccollections\nOrderedDict\n)RK\x01b")
evil("bad_ext1", b"\x82\x01")
evil("bad_ext4", b"\x84\x01\x00\x00\x00")
evil("bad_persid", b"Pos.system\n")
evil("bad_binpersid", b"X\x09\x00\x00\x00os.systemQ")
evil("bad_reduce_type", b"ctorch\nFloatStorage\n)R")
evil("bad_eval", b"c__builtin__\neval\nX\x01\x00\x00\x001\x85R")
evil("bad_rebuild_dotted", b"ctorch._utils\n_rebuild_tensor_v2.__globals__\n)R")
evil("bad_whole_model", b"ctorch.nn.modules.conv\nConv2d\n)\x81}b")
