"""Parameters are counted from headers; nothing in a file is run."""

from __future__ import annotations

import hashlib
import json
import pickle
import struct
import subprocess
import sys
import textwrap
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.editing.parameters import UncountedError, count_parameters
from sphinx_modelzoo.editing.weights import inspect_weights
from sphinx_modelzoo.errors import CallError


def tensor(storage: str, *shape: int) -> bytes:
    """Give a tensor's pickle as PyTorch 2 writes it (protocol 2)."""
    store = text("storage") + b"ctorch\nFloatStorage\n" + text(storage) + text("cpu") + b"K\x0a"
    sizes = b"".join(b"K" + bytes([size]) for size in shape)
    strides = b"(K\x01t"
    return (
        b"ctorch._utils\n_rebuild_tensor_v2\n(("
        + store
        + b"tQK\x00("
        + sizes
        + b"t"
        + strides
        + b"\x89ccollections\nOrderedDict\n)RtR"
    )


def text(word: str) -> bytes:
    return b"X" + struct.pack("<I", len(word)) + word.encode()


def state(**tensors: bytes) -> bytes:
    items = b"".join(text(name) + value for name, value in tensors.items())
    return b"ccollections\nOrderedDict\n)R(" + items + b"u"


# w is 3 x 4 and tied to v, b has 7 values, and the counter of batches has none that counts.
STATE = state(
    w=tensor("0", 3, 4), v=tensor("0", 3, 4), b=tensor("1", 7), num_batches_tracked=tensor("2")
)


def torch_file(path: Path, body: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02" + body + b".")
        archive.writestr("archive/data/0", b"\0" * 48)
    return path


def test_digests_and_size_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "net.bin"
    data = bytes(range(256)) * 9000
    path.write_bytes(data)
    found = inspect_weights(path)
    assert (found.sha1, found.size) == (
        hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        len(data),
    )
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.hashtag, found.parameters) == (found.sha1[:8], None)
    assert found.uncounted == "the format is none that can be counted without running code"


def test_an_empty_or_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="cannot be read: no such file"):
        inspect_weights(tmp_path / "net")
    (tmp_path / "net").touch()
    with pytest.raises(CallError, match="the file is empty"):
        inspect_weights(tmp_path / "net")


@pytest.mark.mxnet
def test_mxnet_files_of_each_kind_are_counted(tmp_path: Path) -> None:
    script = """
        import mxnet as mx
        mx.nd.save("named.params", {"arg:w": mx.nd.ones((3, 4, 5)),
                                    "aux:m": mx.nd.ones((7,), dtype="float16"),
                                    "i": mx.nd.ones((2,), dtype="int64")})
        mx.nd.save("list.params", [mx.nd.ones((3, 4)), mx.nd.ones((2, 2), dtype="uint8")])
        from mxnet.util import set_np
        set_np()
        mx.npx.save("np.params", {"a": mx.np.ones((3, 2)), "scalar": mx.np.array(3.0)})
        """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    found = {path.stem: count_parameters(path) for path in tmp_path.glob("*.params")}
    assert found == {"named": 69, "list": 16, "np": 7}
    with zipfile.ZipFile(tmp_path / "named-0123.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "named.params", "named-0123.params")
    assert count_parameters(tmp_path / "named-0123.zip") == 69


def test_safetensors_are_counted(tmp_path: Path) -> None:
    header = {
        "__metadata__": {"format": "pt"},
        "w": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]},
        "s": {"dtype": "F32", "shape": [], "data_offsets": [48, 52]},
        "bn.num_batches_tracked": {"dtype": "I64", "shape": [], "data_offsets": [52, 60]},
    }
    body = json.dumps(header).encode()
    path = tmp_path / "net.safetensors"
    path.write_bytes(struct.pack("<Q", len(body)) + body + b"\0" * 60)
    assert count_parameters(path) == 13


def test_numpy_archives_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    np.savez(path, a=np.ones((3, 4)), b=np.float32(2), c=np.zeros((0, 5)))
    assert count_parameters(path) == 13


def varint(number: int) -> bytes:
    low = number & 0x7F
    return bytes([low]) if number < 0x80 else bytes([low | 0x80]) + varint(number >> 7)


def part(field: int, body: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(body)) + body


def test_onnx_initializers_are_counted(tmp_path: Path) -> None:
    plain = b"\x08\x03\x08\xac\x02\x10\x01" + part(8, b"w") + part(9, b"\0" * 3600)
    packed = part(1, b"\x07\x02") + b"\x10\x01" + part(8, b"b")
    graph = part(1, part(1, b"x")) + part(5, plain) + part(5, packed) + part(2, b"name")
    path = tmp_path / "net.onnx"
    path.write_bytes(b"\x08\x07" + part(2, b"maker") + part(7, graph) + part(8, b"\x10\x0d"))
    assert count_parameters(path) == 3 * 300 + 7 * 2


def test_pytorch_files_are_counted_and_shared_tensors_once(tmp_path: Path) -> None:
    assert count_parameters(torch_file(tmp_path / "a.pth", STATE)) == 19
    checkpoint = b"}(" + text("state_dict") + STATE + text("optimizer")
    checkpoint += b"}(" + text("m") + tensor("9", 100) + b"u" + text("args")
    checkpoint += b"cargparse\nNamespace\n)\x81}" + text("lr") + b"K\x01sbu"
    assert count_parameters(torch_file(tmp_path / "b.pth", checkpoint)) == 19


def test_a_pickle_runs_nothing(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (Path(tmp_path / "ran"),)  # type: ignore[return-value]

    for protocol in range(6):
        body = pickle.dumps(OrderedDict(w=Evil()), protocol)
        with zipfile.ZipFile(tmp_path / "net.pth", "w") as archive:
            archive.writestr("net/data.pkl", body)
        with pytest.raises(UncountedError, match="holds no dictionary of tensors"):
            count_parameters(tmp_path / "net.pth")
    assert not (tmp_path / "ran").exists()


def samples(folder: Path) -> list[Path]:
    params = struct.pack("<QQQ", 0x112, 0, 1) + struct.pack(
        "<Iii2q3i", 0xF993FAC9, 0, 2, 2, 3, 1, 0, 0
    )
    params += b"\0" * 24 + struct.pack("<QQ", 1, 1) + b"w"
    header = b'{"w": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}'
    initializer = b"\x08\x03\x08\x04\x10\x01" + part(8, b"w") + part(9, b"\0" * 48)
    files = {
        "a.params": params,
        "b.safetensors": struct.pack("<Q", len(header)) + header + b"\0" * 48,
        "c.onnx": b"\x08\x07" + part(7, part(5, initializer)),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [*(folder / name for name in files), torch_file(folder / "d.pth", STATE)]


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_counted_or_not_but_never_crashes(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(samples(tmp_path)))
    assert count_parameters(path) in {6, 12, 19}
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    body = body[: data.draw(st.integers(1, len(body)))]
    path.write_bytes(body)
    found = inspect_weights(path)
    assert (found.parameters is None) == bool(found.uncounted)
