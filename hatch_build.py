"""Build the browser's files with npm, and the fonts of documents, inside the wheel's build; none is committed."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
BUILT = ROOT / "src/nousnous/site/static/built"
SCRIPTS = ROOT / "src/nousnous/collector/sdk"
FONTS = ROOT / "src/nousnous/charts/fonts"
INTER = ROOT / "browser/node_modules/@fontsource/inter/files"
VARIABLE_INTER = ROOT / "browser/node_modules/@fontsource-variable/inter/files"
# What the first view of a page in English needs; `browser/site/tokens.css` names the same letters.
FIRST_LETTERS = [
    *range(0x20, 0x7F),
    0xA0,
    0xA3,
    0xA5,
    0xB7,
    0xD7,
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2022,
    0x2026,
]
FIRST_LETTERS += [0x20AC, *range(0x2190, 0x2194), 0x2212]


def build() -> None:
    browser = ROOT / "browser"
    if not (browser / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=browser, check=True
        )
    for folder in (BUILT, SCRIPTS):
        shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["node", "build.mjs", str(BUILT), str(SCRIPTS)], cwd=browser, check=True)
    build_first_letters()
    build_fonts()


def build_first_letters() -> None:
    """A third of Inter's size: the weights that the site uses and the letters that most pages need."""
    font = TTFont(VARIABLE_INTER / "inter-latin-wght-normal.woff2")
    subsetter = Subsetter(Options(layout_features=["kern", "tnum"]))
    subsetter.populate(unicodes=FIRST_LETTERS)
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": (400, 640)}, inplace=True)
    font.flavor = "woff2"
    font.save(BUILT / "fonts/inter.woff2")


def build_fonts() -> None:
    """TrueType files for typst, which reads no WOFF2."""
    shutil.rmtree(FONTS, ignore_errors=True)
    FONTS.mkdir(parents=True)
    for part in ("latin", "latin-ext"):
        for weight in (400, 500, 600):
            font = TTFont(INTER / f"inter-{part}-{weight}-normal.woff2")
            font.flavor = None
            if part == "latin-ext":
                name_family(font, "Inter Ext")
            font.save(FONTS / f"inter-{part}-{weight}.ttf")


def name_family(font: TTFont, family: str) -> None:
    """Two files of one family and weight would hide each other's letters: the extension is a family to fall back to."""
    for name in list(font["name"].names):
        if name.nameID in {1, 16}:
            font["name"].setName(family, name.nameID, name.platformID, name.platEncID, name.langID)


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not os.environ.get("NOUS_SKIP_BROWSER_BUILD"):
            build()


if __name__ == "__main__":
    build()
