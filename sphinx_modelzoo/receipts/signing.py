"""Signatures of receipts: an in-toto statement in a DSSE envelope, in a file beside the receipt.

The file is a bundle of in-toto (https://github.com/in-toto/attestation/blob/main/spec/v1/bundle.md):
an envelope a line, each on a statement about the receipt and the files that it was seen with. Keys
are PEM files, and nothing is asked over the network. The library securesystemslib does the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.receipts.atomic import write_atomically
from sphinx_modelzoo.receipts.bundle import bundle_path
from sphinx_modelzoo.receipts.model import Receipt
from sphinx_modelzoo.receipts.statement import (
    PAYLOAD_TYPE,
    Statement,
    read_statement,
    statement_bytes,
)

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner, SSlibKey

INSTALL = "pip install 'sphinx-modelzoo[sign]'"
_MAKE_KEY = "make one with: openssl genpkey -algorithm ed25519 -out KEY"
_MAKE_PUBLIC = "make it with: openssl pkey -in KEY -pubout -out KEY.pub"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, read and ready."""

    signer: CryptoSigner


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key and the file that it was read from."""

    key: SSlibKey
    path: Path


def read_signing_key(path: Path) -> SigningKey:
    """Read a private key from a PEM file.

    Raises:
        CallError: the library is not installed, or the file holds no private key that can sign.
    """
    data = _key_file(path)
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_pem_private_key,
        )
        from securesystemslib.signer import CryptoSigner  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed() from error
    try:
        return SigningKey(CryptoSigner(load_pem_private_key(data, None)))
    except TypeError as error:  # a password is needed
        what = "the key is locked with a password"
        remedy = f"unlock it for the call: --sign <(openssl pkey -in {path})"
        raise CallError(Problem(what, remedy, str(path))) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        what = "this is not a private key that can sign"
        if b"PUBLIC KEY" in data:
            what = "this is a public key, and a private key signs"
        raise CallError(Problem(what, _MAKE_KEY, str(path))) from error


def read_public_key(path: Path) -> PublicKey:
    """Read a public key from a PEM file.

    Raises:
        CallError: the library is not installed, or the file holds no public key.
    """
    data = _key_file(path)
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_pem_public_key,
        )
        from securesystemslib.signer import SSlibKey  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed() from error
    try:
        return PublicKey(SSlibKey.from_crypto(load_pem_public_key(data)), path)
    except (ValueError, UnsupportedAlgorithm) as error:
        what = "this is not a public key that can check signatures"
        if b"PRIVATE KEY" in data:
            what = "this is a private key, and signatures are checked with its public half"
        raise CallError(Problem(what, _MAKE_PUBLIC, str(path))) from error


def sign_receipt(
    path: Path, receipt: Receipt, files: Mapping[str, str], signing_key: SigningKey
) -> Path:
    """Sign a receipt that was written, and give the path of its bundle.

    Args:
        path: The receipt's file.
        receipt: What it holds.
        files: The SHA-256 in hex of the further files it speaks of, by name: weights, evidence.
        signing_key: The key.

    Raises:
        UndecidedError: the bundle cannot be written.
    """
    from securesystemslib.dsse import Envelope  # noqa: PLC0415 - an extra

    subjects = {_subject(path): _sha256(path), **files}
    envelope = Envelope(statement_bytes(receipt, subjects), PAYLOAD_TYPE, {})
    envelope.sign(signing_key.signer)
    bundle = bundle_path(path)
    try:
        write_atomically(bundle, json.dumps(envelope.to_dict(), separators=(",", ":")) + "\n")
    except OSError as error:
        what = f"the signature cannot be written: {error.strerror}"
        problem = Problem(what, "name a writable folder with --receipts", str(bundle))
        raise UndecidedError(problem) from error
    return bundle


def signature_fault(
    path: Path, files: Mapping[str, str], keys: Sequence[PublicKey]
) -> Problem | None:
    """Check the signature of a receipt and of the files that it speaks of.

    Args:
        path: The receipt's file.
        files: The SHA-256 in hex of the weights and the evidence as they are now, by path; those
            that the signature does not name are passed over.
        keys: A signature by any of them will do.

    Returns:
        What is wrong, with the file that it is wrong with; None where all is as it was signed.
    """
    bundle = bundle_path(path)
    again = "verify the number again with --sign"
    try:
        lines = bundle.read_bytes().splitlines()
        now = _sha256(path)
    except FileNotFoundError:
        return Problem("the receipt is not signed", again, str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Problem(f"the signature cannot be read: {reason}", again, str(bundle))
    envelopes = list(_envelopes(lines))
    signed = [envelope for envelope in envelopes if _signed_by(envelope, keys)]
    statements = [
        found for each in signed if (found := read_statement(each.payload_type, each.payload))
    ]
    if not statements:
        return Problem(_unsigned(envelopes, keys), again, str(bundle))
    fitting = [each for each in statements if now in each.subjects.values()]
    if not fitting:
        return Problem(_other_receipt(statements, path), again, str(path))
    for file, sha256 in files.items():
        named = [each.subjects[file] for each in fitting if file in each.subjects]
        if named and sha256 not in named:
            what = f"{file} is not the file that was signed with the receipt {_subject(path)}"
            return Problem(what, f"bring that file back, or {again}", file)
    return None


def _subject(path: Path) -> str:
    """Give a receipt's name in statements: its path inside the folder of receipts."""
    return f"{path.parent.name}/{path.name}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _envelopes(lines: Sequence[bytes]) -> Iterator[Envelope]:
    """Give the envelopes of a bundle; lines that are none are passed over, as in-toto asks."""
    from securesystemslib.dsse import Envelope  # noqa: PLC0415 - an extra
    from securesystemslib.exceptions import FormatError  # noqa: PLC0415

    for line in lines:
        try:
            envelope = Envelope.from_dict(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, FormatError):
            continue
        if isinstance(envelope.payload_type, str):
            yield envelope


def _signed_by(envelope: Envelope, keys: Sequence[PublicKey]) -> bool:
    """Tell whether one of the keys signed an envelope.

    The id of a key in an envelope is a hint without force, and other tools give other ids:
    every signature is tried with every key.
    """
    from securesystemslib.exceptions import UnverifiedSignatureError  # noqa: PLC0415 - an extra
    from securesystemslib.signer import Signature  # noqa: PLC0415

    message = envelope.pae()
    for signature in envelope.signatures.values():
        for public in keys:
            try:
                same = Signature(public.key.keyid, signature.signature)
                public.key.verify_signature(same, message)
            except (UnverifiedSignatureError, ValueError):
                continue
            return True
    return False


def _unsigned(envelopes: Sequence[Envelope], keys: Sequence[PublicKey]) -> str:
    """Say why no statement is signed by the keys."""
    names = ", ".join(str(public.path) for public in keys)
    ids = {key for envelope in envelopes for key in envelope.signatures}
    if not ids:
        return "there is no signature in this file"
    if any(_signed_by(envelope, keys) for envelope in envelopes):
        return f"what {names} signed here is not the result of a test"
    if ids & {public.key.keyid for public in keys}:
        return f"the signature was changed, or what {names} had signed"
    return f"the receipt is signed by another key than {names}"


def _other_receipt(statements: Sequence[Statement], path: Path) -> str:
    """Say why no statement fits a receipt."""
    if any(_subject(path) in each.subjects for each in statements):
        return "the receipt was changed after it was signed"
    others = "; ".join(each.test for each in statements)
    return f"the signature belongs to another receipt, that of {others}"


def _key_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        what = f"the key cannot be read: {reason}"
        raise CallError(Problem(what, "name a PEM file", str(path))) from error


def _not_installed() -> CallError:
    return CallError(Problem("signatures need the package securesystemslib", INSTALL))
