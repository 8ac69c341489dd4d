"""Makes the layer that a Lambda function runs certkit from: `make lambda`.

Everything that certkit needs is in it, for one Python and one processor, compiled beforehand: a function's folder is read-only,
so that what is not compiled would be compiled anew at each cold start. boto3 is in it as well: that of the runtime is older
than what certkit asks for, and changes without notice.
"""

import argparse
import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PREFIX: Final = "python"
"""What Lambda puts on Python's path: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html."""

RUNTIME: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"
MOST_UNZIPPED: Final = 250 * 2**20
MOST_ZIPPED: Final = 50 * 2**20
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the second by hand, S3 takes more."""

PROCESSORS: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
OLD_GLIBC: Final = (3, 11)
"""Up to this Python Lambda runs Amazon Linux 2, with glibc 2.26; then 2023, with 2.34.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html.
"""


def main() -> int:
    """Makes the zip, prints what is in it, and returns 1 where Lambda would not take it."""
    parser = argparse.ArgumentParser(description="Make the layer for AWS Lambda.")
    parser.add_argument("--architecture", choices=PROCESSORS, default="arm64")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="certkit-layer-") as folder:
        target = Path(folder, PREFIX)
        install(target, given.architecture, Path(folder))
        version = next(target.glob("certkit-*.dist-info")).name.removesuffix(".dist-info").split("-")[1]
        path = given.out / f"certkit-lambda-{version}-{RUNTIME}-{given.architecture}.zip"
        tidy(target)
        given.out.mkdir(parents=True, exist_ok=True)
        pack(Path(folder), path)
        return show(path, target)


def install(target: Path, architecture: str, scratch: Path) -> None:
    """Installs the locked dependencies and certkit as it stands here, as wheels for Lambda alone."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    versions = ("2014", "_2_26") if sys.version_info[:2] <= OLD_GLIBC else ("2014", "_2_28", "_2_34")
    where = ["--target", target, "--no-compile", "--only-binary", ":all:", "--implementation", "cp"]
    for version in versions:
        where += ["--platform", f"manylinux{version}_{PROCESSORS[architecture]}"]
    locked = ROOT / "requirements" / "runtime.txt"
    subprocess.run([*pip, "install", *where, "--require-hashes", "--no-deps", "-r", locked], check=True)
    shutil.rmtree(target / "bin", ignore_errors=True)  # programs, which a function does not call
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", scratch, ROOT], check=True)
    subprocess.run([*pip, "install", *where, "--no-deps", *scratch.glob("certkit-*.whl")], check=True)


def tidy(target: Path) -> None:
    """Compiles everything, for what stands in /opt and whatever its time is, and leaves out programs."""
    shutil.rmtree(target / "bin", ignore_errors=True)
    compileall.compile_dir(
        target,
        maxlevels=20,
        quiet=2,
        stripdir=str(target),
        prependdir=f"/opt/{PREFIX}",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def pack(folder: Path, path: Path) -> None:
    """Zips what stands below `PREFIX`, the same bytes from the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted((folder / PREFIX).rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())


def show(path: Path, target: Path) -> int:
    """Prints the sizes, and returns 1 where one is above Lambda's limits."""
    unzipped, zipped = _size(target), path.stat().st_size
    print(os.path.relpath(path))
    for what, size, most in (("zipped", zipped, MOST_ZIPPED), ("unzipped", unzipped, MOST_UNZIPPED)):
        print(f"  {what:9} {_megabytes(size)} of {_megabytes(most)}")
    compiled = sum(file.stat().st_size for file in target.rglob("*.pyc"))
    print(f"  compiled  {_megabytes(compiled)}")
    for size, name in sorted(((_size(each), each.name) for each in target.iterdir() if each.is_dir()), reverse=True)[
        :6
    ]:
        print(f"  {name:14} {_megabytes(size)}")
    return int(zipped > MOST_ZIPPED or unzipped > MOST_UNZIPPED)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _megabytes(size: int) -> str:
    return f"{size / 2**20:6.1f} MB"


if __name__ == "__main__":
    sys.exit(main())
