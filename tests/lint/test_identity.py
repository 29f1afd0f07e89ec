"""Hashtags are held against file names, files and the loader; right ones are left alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.lint.names import digest_in, is_digest, loader_names, stem
from sphinx_modelzoo.manifest.loader_table import installed_table, read_table

STORE = """\
raise RuntimeError("this file must not be run")
_model_sha1 = {name: checksum for checksum, name in [
    ('48ddf3580b5bf2c9b7e5bca6c1d3b4b9d8d0f4a1', 'resnet50_v1b_gn'),
    ('d6dc1bba5f0bcd0dd7f2d22c9d3d1f0c41a1b2c3', 'vgg16_ucf101'),
    ('09767802f2c8e8c2b1c6a1a0f7d0c6e8d9f3b5a7', 'yolo3_darknet53_coco'),
]}
"""


@pytest.mark.parametrize(
    ("address", "digest"),
    [
        ("https://x.org/vgg16_ucf101-d6dc1bba.params", "d6dc1bba"),
        ("models/vgg16_ucf101-D6DC1BBA.zip", "d6dc1bba"),
        ("https://x.org/tsn_r50_20220812-8e1f2148.pth", "8e1f2148"),
        ("https://x.org/resnet50-0676ba61.pth?download=1#x", "0676ba61"),
        ("https://x.org/i3d-18545497.pth", "18545497"),
        ("https://x.org/model-0676ba61.pth.tar", "0676ba61"),
        ("https://x.org/ssd_20200504_163245.pth", ""),
        ("https://x.org/model_20220812.pth", ""),
        ("https://x.org/checkpoint-12000.pt", ""),
        ("https://x.org/mobilenet1.0.params", ""),
        ("https://x.org/facade.pth", ""),
        ("https://[broken/a-0676ba61.pth", "0676ba61"),
    ],
)
def test_the_hash_at_the_end_of_a_file_name_is_told_from_dates_and_steps(
    address: str, digest: str
) -> None:
    assert digest_in(address) == digest


@pytest.mark.parametrize("text", ["IMAGENET1K_V1", "v1", "20220812", "1.0", "12000", "decade"])
def test_a_version_or_date_is_no_hash(text: str) -> None:
    assert not is_digest(text)


def test_a_version_may_stand_on_many_models_with_any_file_name(codes) -> None:
    manifest = (
        "models:\n"
        "  - {name: a, hashtag: IMAGENET1K_V1, weights: https://x.org/a-0676ba61.pth}\n"
        "  - {name: b, hashtag: IMAGENET1K_V1, weights: https://x.org/b-0676ba62.pth}\n"
        "  - {name: c, hashtag: 20220812, weights: https://x.org/c_20220812-8e1f2148.pth}\n"
        "  - {name: d, hashtag: 20220812, weights: https://x.org/d_20220812-8e1f2149.pth}\n"
    )
    assert codes(manifest) == []


def test_the_longest_hash_that_begins_with_a_hashtag_is_found_past_the_entrys_own(found) -> None:
    own, other = "d6dc1b" + "0" * 34, "d6dc1b" + "f" * 34
    manifest = (
        "models:\n"
        f"  - {{name: a, hashtag: d6dc1b, sha1: {own}, default: true}}\n"
        f"  - {{name: a, hashtag: '1234abcd', sha1: {other}}}\n"
    )
    (finding,) = found(manifest, files=False)
    assert (finding.code, finding.line, finding.entry) == ("ZOO101", 3, "a@d6dc1b")
    assert "line 4" in finding.message


def test_one_hashtag_on_two_names_is_an_alias_unless_the_full_hashes_differ(codes) -> None:
    one, two = "a" * 64, "b" * 64
    entry = "  - {{name: {}, hashtag: 8e1f2148{}}}\n"
    alias = "models:\n" + entry.format("a", "") + entry.format("b", "")
    assert codes(alias) == []
    other = (
        "models:\n" + entry.format("a", f", sha256: {one}") + entry.format("b", f", sha256: {two}")
    )
    assert codes(other) == ["ZOO101"]


def test_a_hash_in_a_file_name_may_be_of_either_kind(codes) -> None:
    sha1, sha256 = "1" * 8 + "a" * 32, "2" * 8 + "b" * 56
    entry = "models:\n  - {{name: a, weights: https://x.org/a-{}.pth{}}}\n"
    both = f", sha1: {sha1}, sha256: {sha256}"
    assert codes(entry.format("22222222", both)) == []
    assert codes(entry.format("11111111", f", sha256: {sha256}")) == []
    assert codes(entry.format("33333333", both)) == ["ZOO102"]


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_the_file_itself_may_have_either_hash_in_its_hashtag(codes, tmp_path: Path, kind) -> None:
    (tmp_path / "a.params").write_bytes(b"weights")
    digest = hashlib.new(kind, b"weights").hexdigest()
    assert codes(f"models:\n  - {{name: a, hashtag: {digest[:8]}, weights: a.params}}\n") == []


def test_every_field_that_the_file_contradicts_is_named_at_its_place(found, tmp_path: Path) -> None:
    (tmp_path / "a.params").write_bytes(b"weights")
    manifest = (
        "models:\n  - name: a\n    hashtag: d6dc1bba\n    weights: a.params\n"
        f"    sha1: {'0' * 40}\n    sha256: {'0' * 64}\n    size: 8\n"
    )
    assert {(f.code, f.line) for f in found(manifest)} == {("ZOO103", n) for n in (4, 6, 7, 8)}
    assert [f.line for f in found(manifest, files=False)] == [4]


def test_a_packed_file_is_not_held_against_the_hashtag_of_its_content(
    codes, tmp_path: Path
) -> None:
    (tmp_path / "a-d6dc1bba.zip").write_bytes(b"weights")
    assert codes("models:\n  - {name: a, hashtag: d6dc1bba, weights: a-d6dc1bba.zip}\n") == []


def test_a_weights_name_that_no_file_can_have_is_passed_over(codes) -> None:
    assert codes(f"models:\n  - {{name: a, hashtag: d6dc1bba, weights: {'a' * 5000}}}\n") == []


def test_only_the_default_entry_must_be_what_the_loader_loads(found, tmp_path: Path) -> None:
    (tmp_path / "model_store.py").write_text(STORE, encoding="utf-8")
    manifest = (
        "loader: gluoncv\nmodels:\n"
        "  - {name: VGG16_ucf101, hashtag: d6dc1bba, default: true}\n"
        "  - {name: VGG16_ucf101, hashtag: 05e319d4}\n"
        "  - {name: yolo3_darknet53_coco (416x416), hashtag: 09767802}\n"
        "  - {name: ResNet50_v1b_gn, hashtag: 0ecdba34}\n"
    )
    (finding,) = found(manifest)
    assert (finding.code, finding.line, finding.column) == ("ZOO104", 7, 38)
    assert "48ddf358" in finding.message
    swapped = manifest.replace(", default: true", "").replace(
        "05e319d4}", "05e319d4, default: true}"
    )
    assert "make the entry of d6dc1bba the default" in found(swapped)[0].message


def test_the_hash_of_a_quantized_model_is_not_that_of_the_plain_one(codes, tmp_path: Path) -> None:
    (tmp_path / "model_store.py").write_text(STORE, encoding="utf-8")
    assert (
        codes("loader: gluoncv\nmodels:\n  - {name: vgg16_ucf101_int8, hashtag: 11112222}\n") == []
    )


def test_an_unknown_name_is_found_with_the_nearest_and_variants_are_known(
    found, tmp_path: Path
) -> None:
    (tmp_path / "model_store.py").write_text(STORE, encoding="utf-8")
    manifest = (
        "loader: gluoncv\nmodels:\n"
        "  - {name: yolo3_darknet53_coco_320}\n"
        "  - {name: YOLO3_darknet53_COCO (608x608)}\n"
        "  - {name: vgg16_ucf101_int8*}\n"
        "  - {name: my_net, architecture: vgg16_ucf101}\n"
        "  - {name: tuned, weights: tuned.params}\n"
        "  - {name: vgg16_ufc101}\n"
        "  - {name: my_other, architecture: vgg61_ucf101, weights: other.params}\n"
    )
    assert [(f.line, "did you mean 'vgg16_ucf101'?" in f.message) for f in found(manifest)] == [
        (9, True),
        (10, True),
    ]


def test_without_a_table_the_loaders_rules_are_silent(codes) -> None:
    assert codes("loader: none-such\nmodels:\n  - {name: x, hashtag: 0ecdba34}\n") == []


def test_the_loaders_other_models_are_named_on_demand(found, tmp_path: Path) -> None:
    (tmp_path / "model_store.py").write_text(STORE, encoding="utf-8")
    manifest = "loader: gluoncv\nmodels:\n  - {name: VGG16_ucf101, hashtag: d6dc1bba}\n"
    assert found(manifest) == []
    messages = [finding.message for finding in found(manifest, loader_models=True)]
    assert [message.split()[0] for message in messages] == [
        "resnet50_v1b_gn",
        "yolo3_darknet53_coco",
    ]


def test_the_table_of_an_installed_gluoncv_is_read_without_running_it() -> None:
    table = installed_table("gluoncv")
    assert table is not None
    assert any(digest.startswith("48ddf358") for digest in table.hashes["resnet50_v1b_gn"])
    assert len(table.hashes["resnet50_v1b_kinetics400"]) == 2  # of MXNet and of PyTorch
    assert {"resnet50_v1_int8", "hrnet_w18_c"} <= table.names
    assert installed_table("none-such") is None


@pytest.mark.parametrize("text", ["x = 1\n", "def (\n", "x = ['a', 'b']\n"])
def test_a_file_without_a_table_is_an_error_of_the_call(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model_store.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CallError, match=r"model_store\.py"):
        read_table(path)


def test_names_that_differ_by_resolution_or_precision_have_one_stem() -> None:
    assert stem("yolo3_darknet53_coco_320") == stem("yolo3_darknet53_coco (416x416)")
    assert stem("ResNet50_v1_int8") == stem("resnet50_v1")
    assert stem("ssd_300_vgg16") != stem("ssd_512_vgg16")
    assert stem("resnet18") != stem("resnet34")
    assert stem("densenet-121") != stem("densenet-169")
    assert stem("tsm_r101") != stem("tsm_r152")
    assert list(loader_names("a_int8_320*")) == ["a_int8_320", "a_int8", "a"]
