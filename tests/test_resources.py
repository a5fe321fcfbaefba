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
from gxeditor.core.checks.profiles import KEYS, NATIONAL, STATUSES
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.files.aside import OddFile
from gxeditor.files.limits import PROFILE, PROFILES
from gxeditor.resources import load_cards, load_form, load_profile, load_profiles, load_rules, resource

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


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the modules and data that form, rules and notes come from, which a test may change; its folder."""
    package = tmp_path / "gxeditor"
    for name in ("forms", "rules", "cards"):
        shutil.copytree(PROJECT / "resources" / name, package / "resources" / name)
    shutil.copytree(PROJECT / "gxeditor" / "core", package / "core")
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    started_again(monkeypatch)
    return package


def started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing is remembered, as in another process."""
    for name in ("_root", "_form", "_shipped_rules", "_shipped_cards"):
        monkeypatch.setattr(resources, name, cache(getattr(resources, name).__wrapped__))


def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the TOML files that are read from now on."""
    read: list[str] = []
    whole = resources.read_shipped

    def one(path: Path) -> dict[str, object]:
        read.append(path.name)
        return whole(path)

    monkeypatch.setattr(resources, "read_shipped", one)
    return read


def everything() -> tuple[object, ...]:
    """Form, rules with what their checks look for, and notes."""
    form = load_form()
    rules = load_rules(form)
    return form, rules, [dict(rule.data) for rule in rules], [rule.good for rule in rules], load_cards(form)


def test_a_second_start_takes_form_rules_and_notes_as_the_first_made_them(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = files_read(monkeypatch)
    first = everything()
    assert {"2021.toml", "prose.toml"} <= set(read)
    read.clear()
    started_again(monkeypatch)
    assert everything() == first
    assert read == []


@pytest.mark.parametrize(
    "changed", ["resources/rules/2021/tables.toml", "resources/forms/2021.toml", "core/checks/rule_file.py"]
)
def test_rules_are_read_again_when_a_file_or_module_that_they_came_from_has_changed(
    changed: str, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_rules(load_form())
    with (installed / changed).open("a", encoding="utf-8") as file:
        file.write("\n# another word\n")
    started_again(monkeypatch)
    read = files_read(monkeypatch)
    assert load_rules(load_form()) == first
    assert "tables.toml" in read


def test_a_rule_file_that_has_become_faulty_is_refused_though_a_good_one_was_kept(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rules(load_form())
    path = installed / "resources" / "rules" / "2021" / "tables.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("severity", "weight"), encoding="utf-8")
    started_again(monkeypatch)
    with pytest.raises(GxError):
        load_rules(load_form())


@pytest.mark.parametrize("damage", [b"", b"\0" * 200, None])
def test_what_was_kept_and_is_damaged_is_made_again_without_a_word(
    damage: bytes | None, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = everything()
    kept = list((installed / "__pycache__").glob("*.prepared"))
    assert len(kept) == 3
    for path in kept:
        whole = path.read_bytes()
        path.write_bytes(whole[:-20] + bytes(20) if damage is None else damage)
    started_again(monkeypatch)
    assert everything() == first
    started_again(monkeypatch)
    read = files_read(monkeypatch)
    assert everything() == first
    assert read == []


def test_an_installed_program_brings_what_is_kept_and_never_writes_beside_itself(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in installed.rglob("*.py"):
        path.rename(path.with_suffix(".pyc"))
    monkeypatch.setattr(resources, "__file__", str(installed / "resources.pyc"))
    first = everything()
    assert list(installed.rglob("*.prepared")) == []
    monkeypatch.setattr(resources, "_building", False)  # put back at the end
    started_again(monkeypatch)
    resources.keep_prepared()
    assert len(list(installed.glob("*.prepared"))) == 3
    monkeypatch.setattr(resources, "_building", False)
    started_again(monkeypatch)
    read = files_read(monkeypatch)
    assert everything() == first
    assert read == []


def test_where_nothing_can_be_kept_form_and_rules_are_read_at_every_start(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed / "__pycache__").write_text("no folder", encoding="utf-8")
    first = everything()
    started_again(monkeypatch)
    assert everything() == first


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


# --- profiles


def handed_out(folder: Path, file: str, **said: object) -> Path:
    """A profile as an office hands it out, with one value."""
    data = {
        "id": "ours",
        "name": "我县",
        "key": "fee.decimals",
        "value": 2,
        "status": "rule",
        "source": "通知",
        **said,
    }
    head = {key: data.pop(key) for key in ("id", "name", "parent") if key in data}
    lines = [f"{key} = {json.dumps(what, ensure_ascii=False)}" for key, what in head.items()]
    lines += [
        "[[values]]",
        *(f"{key} = {json.dumps(what, ensure_ascii=False)}" for key, what in data.items()),
    ]
    path = folder / file
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_fourteen_provinces_have_a_profile_and_the_national_one_comes_first() -> None:
    profiles = load_profiles()
    assert profiles[0] == NATIONAL
    provinces = {one.name for one in profiles[1:] if "-" not in one.id}
    assert provinces == {
        *("河南", "甘肃", "湖南", "安徽", "四川", "广东", "北京"),
        *("上海", "江苏", "山西", "湖北", "吉林", "云南", "浙江"),
    }
    assert all(
        stated.source and stated.status in STATUSES for one in profiles for stated in one.values.values()
    )
    assert load_profile("henan").get("fee.decimals") == 4
    assert load_profile("guangdong").rule("unit_word") is None  # seen, and no rule
    assert load_profile("hunan-huaihua").get("submit.form") == load_profile("hunan").get("submit.form")


def test_every_key_that_a_profile_may_use_stands_in_the_readme() -> None:
    readme = (PROJECT / "resources/profiles/README.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if f"`{key}`" not in readme] == []


def test_an_unknown_profile_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(GxError, match="没有地区要求“mars”。有：anhui（安徽）"):
        load_profile("mars")


def test_a_profile_that_an_office_handed_out_is_one_of_them_or_takes_the_place_of_one(tmp_path: Path) -> None:
    handed_out(tmp_path, "z.toml")
    handed_out(tmp_path, "a.toml", id="theirs", parent="ours", key="unit_word", value="宗")
    handed_out(tmp_path, "henan.toml", id="henan", name="河南（新）", value=6)
    profiles = {one.id: one for one in load_profiles(tmp_path)}
    assert profiles["ours"].get("fee.decimals") == profiles["theirs"].get("fee.decimals") == 2
    assert (profiles["henan"].name, profiles["henan"].get("fee.decimals")) == ("河南（新）", 6)
    assert load_profile("henan").get("fee.decimals") == 4
    assert len(profiles) == len(load_profiles()) + 2


def test_a_broken_profile_is_moved_aside_and_told_with_its_defects(tmp_path: Path) -> None:
    handed_out(tmp_path, "good.toml")
    handed_out(tmp_path, "bad.toml", id="bad", value="四位")
    (tmp_path / "no.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 20_000, encoding="utf-8")
    (tmp_path / "long.toml").write_text("#" * (PROFILE + 1), encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "README.md").write_text("说明", encoding="utf-8")
    told: list[OddFile] = []
    profiles = load_profiles(tmp_path, told.append)
    assert [one.id for one in profiles if one not in load_profiles()] == ["ours"]
    assert sorted(odd.name for odd in told) == [
        "bad.toml",
        "deep.toml",
        "folder.toml",
        "long.toml",
        "no.toml",
    ]
    (bad,) = (odd for odd in told if odd.name == "bad.toml")
    assert "values[0].value 应为 0 至 6 的整数" in str(bad)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "aside", "good.toml"]
    again: list[OddFile] = []
    assert load_profiles(tmp_path, again.append) == profiles
    assert again == []


def test_without_a_folder_or_with_something_else_in_its_place_the_shipped_ones_remain(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("文件", encoding="utf-8")
    for folder in (tmp_path / "profiles", tmp_path / "none"):
        assert load_profiles(folder) == load_profiles()


def test_no_more_profiles_are_read_than_any_office_has(tmp_path: Path) -> None:
    for number in range(PROFILES + 5):
        handed_out(tmp_path, f"{number:04}.toml", id=f"p-{number}")
    assert len(load_profiles(tmp_path)) == len(load_profiles()) + PROFILES


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
