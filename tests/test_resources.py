"""The shipped data files are found, read once, and nothing else can be reached through them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gxeditor import resources
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.resources import load_cards, load_form, load_rules, resource

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed program in a folder of its own, whose resources a test may fill; returns that folder."""
    folder = tmp_path / "gxeditor" / "resources"
    folder.mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(folder.parent / "resources.py"))
    monkeypatch.setattr(resources, "_root", cache(resources._root.__wrapped__))
    monkeypatch.setattr(resources, "_form", cache(resources._form.__wrapped__))
    return folder


def test_a_resource_is_found_by_its_name() -> None:
    assert resource("samples/lushan-2022.txt").read_text(encoding="utf-8").lstrip().startswith("鲁山县")
    assert resource("forms").is_dir()


@pytest.mark.parametrize(
    "name",
    ["", ".", "/etc/hostname", "../pyproject.toml", "forms/../../LICENSE", "forms\\2021.toml", "C:forms"],
)
def test_a_name_that_leads_out_of_the_resources_is_refused(name: str) -> None:
    with pytest.raises(GxError, match="不是程序自带的文件"):
        resource(name)


def test_a_missing_resource_is_called_by_name_with_a_remedy() -> None:
    with pytest.raises(GxError, match=r"fonts/none\.ttf 不见了。.*请重新安装程序"):
        resource("fonts/none.ttf")


def test_the_form_has_two_hundred_cells_and_is_read_once(form: Form) -> None:
    assert len(form.cells) == 200
    assert load_form() is form


def test_the_rules_of_the_shipped_form_are_read_once(form: Form, rules: tuple[Rule, ...]) -> None:
    assert rules
    assert load_rules(form) is rules


def test_another_form_gets_rules_of_its_own(form: Form, rules: tuple[Rule, ...]) -> None:
    changed = replace(form, title="征求意见稿")
    assert load_rules(changed) is not rules
    assert len(load_rules(changed)) == len(rules)


def test_the_filling_notes_are_read_once_and_fit_the_form(form: Form) -> None:
    assert load_cards(form) is load_cards(form)
    assert len(load_cards(form).rows) == 32
    changed = replace(form, sections=form.sections[:3])
    with pytest.raises(GxError, match=r"columns 中的 disputes\.direct_suit\.upheld 不在报表里"):
        load_cards(changed)


def test_damaged_filling_notes_are_a_matter_of_installing_again(shipped: Path, form: Form) -> None:
    shutil.copytree(PROJECT / "resources/forms", shipped / "forms")
    (shipped / "cards").mkdir()
    (shipped / "cards" / "2021.toml").write_text("edition = ", encoding="utf-8")
    with pytest.raises(GxError, match=r"2021\.toml 读不出来。.*请重新安装程序"):
        load_cards(replace(form))


@pytest.mark.parametrize("edition", ["1999", "../rules/2021", ""])
def test_an_unknown_edition_is_said_to_be_unknown(edition: str) -> None:
    with pytest.raises(GxError, match=f"程序没有“{edition}”版的年报格式"):
        load_form(edition)


def test_the_sample_and_what_it_should_give_fit_the_form(form: Form) -> None:
    expected = json.loads((PROJECT / "tests/samples/lushan-2022.expected.json").read_text(encoding="utf-8"))
    assert len(expected["cells"]) == 182
    assert set(expected["cells"]) < set(form.cells)


def test_installed_resources_come_before_those_of_a_checkout(shipped: Path) -> None:
    (shipped.parent.parent / "resources").mkdir()
    (shipped / "here.txt").touch()
    assert resource("here.txt") == shipped / "here.txt"


def test_a_damaged_form_is_a_matter_of_installing_again(shipped: Path) -> None:
    (shipped / "forms").mkdir()
    (shipped / "forms" / "2021.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(GxError, match=r"2021\.toml 读不出来。.*请重新安装程序"):
        load_form()


def test_a_program_without_resources_says_so(shipped: Path) -> None:
    shipped.rmdir()
    with pytest.raises(GxError, match="资源文件夹不见了"):
        resource("forms/2021.toml")


@pytest.mark.slow
def test_the_wheel_runs_with_its_own_resources(tmp_path: Path) -> None:
    """Built offline with the locked backend, unpacked as an installer does, run away from the checkout."""
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(PROJECT)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("gxeditor-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    shipped_files = {str(p.relative_to(PROJECT)) for p in (PROJECT / "resources").rglob("*") if p.is_file()}
    assert shipped_files <= {str(p.relative_to(site / "gxeditor")) for p in (site / "gxeditor").rglob("*")}
    program = (
        "import gxeditor, gxeditor.resources as r;"
        "print(gxeditor.__version__, len(r.load_rules(r.load_form())), r.resource('samples'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    version, rules, samples = ran.stdout.split(maxsplit=2)
    assert (version, int(rules)) == (wheel.name.split("-")[1], len(load_rules(load_form())))
    assert Path(samples.strip()) == site / "gxeditor" / "resources" / "samples"
