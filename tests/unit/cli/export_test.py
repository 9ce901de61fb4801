"""Tests that NumPy opens the .npz that `mesa export` writes and finds the checkpoint's tensors. They are read here
independently of the engine, by the format documented in src/model/checkpoint.h.

Usage: export_test.py path/to/mesa
"""

import io
import os
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy


def read_checkpoint(path):
    with open(path, "rb") as file:
        stream = io.BytesIO(file.read())

    def number(kind):
        return struct.unpack("<" + kind, stream.read(struct.calcsize("<" + kind)))[0]

    def text():
        return stream.read(number("Q")).decode()

    assert stream.read(8) == b"MESALAB\0"
    assert number("I") == 1
    settings = {text(): text() for _ in range(number("Q"))}
    tensors = {}
    for _ in range(number("Q")):
        name = text()
        rows, columns = number("I"), number("I")
        values = numpy.frombuffer(stream.read(4 * rows * columns), "<f4")
        tensors[name] = values.reshape(rows, columns)
    return settings, tensors


def main(mesa):
    with tempfile.TemporaryDirectory() as folder:
        checkpoint, archive = os.path.join(folder, "model.mesa"), os.path.join(folder, "model.npz")
        run = "train --preset hybrid-mesa --steps 2 --quiet --set batch_size=2 --set evaluation_sequences=2"
        subprocess.run(
            [mesa, *run.split(), "--checkpoint", checkpoint], check=True, stdout=subprocess.DEVNULL
        )
        subprocess.run(
            [mesa, "export", "--checkpoint", checkpoint, "--out", archive],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        settings, expected = read_checkpoint(checkpoint)
        assert settings["step"] == "2" and settings["preset"] == "hybrid-mesa", settings
        with numpy.load(archive) as arrays:
            assert sorted(arrays.files) == sorted(expected), arrays.files
            for name, tensor in expected.items():
                assert arrays[name].dtype == numpy.float32
                assert numpy.array_equal(arrays[name], tensor), name
        assert expected["embedding"].shape == (10, 40)
        assert expected["embedding"].std() > 0

        # The archive contains no times: the same checkpoint gives the same bytes.
        with zipfile.ZipFile(archive) as members:
            assert all(member.date_time == (1980, 1, 1, 0, 0, 0) for member in members.infolist())
        with open(archive, "rb") as file:
            first = file.read()
        subprocess.run(
            [mesa, "export", "--checkpoint", checkpoint, "--out", archive],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TZ": "Asia/Tokyo"},
        )
        with open(archive, "rb") as file:
            assert file.read() == first

        refused = subprocess.run(
            [mesa, "export", "--checkpoint", checkpoint, "--out", os.path.join(folder, "no", "such.npz")],
            capture_output=True,
            text=True,
        )
        assert refused.returncode == 2 and "cannot be written" in refused.stderr, refused


main(sys.argv[1])
