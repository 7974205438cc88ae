"""The addons as they are handed out. That they install is what the lifecycle says of the same files."""

import ast
import subprocess
import zipfile
from pathlib import Path

import pytest
from release import LICENCE, MANIFEST, release, version
from riglib.addons import discover
from riglib.processes import RigError
from riglib.session import ADDONS

pytestmark = pytest.mark.one_version

FOLDERS = [ADDONS / addon.name for addon in discover([ADDONS])]


def addon(folder: Path, number: str) -> Path:
    """An addon of that version."""
    folder.mkdir()
    (folder / MANIFEST).write_text(f'{{"name": "Throwaway", "version": "{number}"}}\n')
    return folder


def test_each_addon_is_handed_out_for_each_series(tmp_path: Path) -> None:
    short = version(FOLDERS)
    named = [path.relative_to(tmp_path).as_posix() for path in release(FOLDERS, tmp_path)]
    assert named == [f"{series}/{folder.name}-{series}.{short}.zip" for series in ("18.0", "19.0") for folder in FOLDERS]


def test_a_copy_differs_from_git_by_its_version_and_licence_alone(tmp_path: Path) -> None:
    short = version(FOLDERS)
    for path in release(FOLDERS, tmp_path):
        series, folder = path.parent.name, next(one for one in FOLDERS if path.name.startswith(f"{one.name}-"))
        listed = subprocess.run(["git", "ls-files"], cwd=folder, check=True, capture_output=True, text=True).stdout.split("\n")
        with zipfile.ZipFile(path) as archive:
            files = {name.removeprefix(f"{folder.name}/"): archive.read(name) for name in archive.namelist()}
        assert set(files) == {*filter(None, listed), LICENCE}
        stamped, source = (ast.literal_eval(text.decode()) for text in (files[MANIFEST], (folder / MANIFEST).read_bytes()))
        assert stamped == {**source, "version": f"{series}.{short}"}
        assert all(files[name] == (folder / name).read_bytes() for name in listed if name and name != MANIFEST)


@pytest.mark.parametrize("numbers", [("1.2.0", "1.2.1"), ("18.0.1.2.0", "18.0.1.2.0"), ("1.2", "1.2")])
def test_versions_that_differ_or_name_a_series_are_refused(tmp_path: Path, numbers: tuple[str, str]) -> None:
    folders = [addon(tmp_path / f"addon_{place}", number) for place, number in enumerate(numbers)]
    with pytest.raises(RigError, match=r"addon_0 .*, addon_1 "):
        version(folders)
