"""Hooks of the docs site: pages of the repository that lie outside ``docs`` join it, and formulas become MathML.

``mkdocs build`` runs them; the site is plain files and asks no other machine for anything.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
#: pages outside docs that are part of the site, and where they stand in it
JOINED = {
    "README.md": "project/readme.md",
    "README.ru.md": "ru/index.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
    "DATA_LICENCE.md": "project/data_licence.md",
    "inputs/README.md": "project/inputs.md",
    "models/README.md": "project/models.md",
}
#: sections in the order a reader needs them; every page of a folder is in its section
SECTIONS = {
    "tutorials": "Tutorials",
    "guides": "Guides",
    "river": "The river",
    "method": "Method",
    "evidence": "Evidence",
    "formulation": "Formulation",
    "reference": "Reference",
    "decisions": "Decisions",
    "ru": "По-русски",
    "project": "Project",
}
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
DISPLAY, INLINE = re.compile(r"\$\$(.+?)\$\$", re.DOTALL), re.compile(r"(?<![\\$\w])\$([^$\n]+?)\$(?![\d$])")


def on_files(files: Any, config: Any) -> Any:
    """Let the pages outside ``docs`` join the site."""
    for source, place in JOINED.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_nav(nav: Any, config: Any, files: Any) -> Any:
    """Sections in their order; what has none is an error, so that no page is lost."""
    order = list(SECTIONS)
    for item in nav.items:
        if item.is_section and item.title.lower() not in order:
            message = f"docs/{item.title}: a folder without a section in docs/make/site.py"
            raise ValueError(message)
    nav.items.sort(key=lambda item: order.index(item.title.lower()) if item.is_section else -1)
    for item in nav.items:
        if item.is_section:
            item.title = SECTIONS[item.title.lower()]
    return nav


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links as the site has them, and formulas as MathML; code stays as it is."""
    place = page.file.src_uri
    source = next((s for s, p in JOINED.items() if p == place), f"docs/{place}")
    known = {file.src_uri for file in files}
    parts = FENCE.split(markdown)
    for k in range(0, len(parts), 2):
        linked = LINK.sub(lambda m: _link(m, source, place, known), parts[k])
        parts[k] = INLINE.sub(lambda m: _formula(m[1], "inline"), DISPLAY.sub(lambda m: _formula(m[1], "block"), linked))
    # a link may hold code in its text: links are looked at once more over the whole
    return LINK.sub(lambda m: _link(m, source, place, known), "".join(parts)) if "](" in "".join(parts) else "".join(parts)


def _formula(latex: str, display: str) -> str:
    made = convert(latex.strip(), display=display)
    return f"\n\n<div>{made}</div>\n\n" if display == "block" else made


def _link(found: re.Match[str], source: str, place: str, known: set[str]) -> str:
    """A link between pages of the site; what is no page of it is named as a file of the repository."""
    picture, text, target = found[1], found[2], found[3]
    path, _, anchor = target.partition("#")
    if "://" in target or not path or posixpath.normpath(posixpath.join(posixpath.dirname(place), path)) in known:
        return found[0]
    file = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    wanted = JOINED.get(file, file.removeprefix("docs/"))
    if (ROOT / file).is_dir():
        wanted = next((w for w in (f"{wanted}/index.md", JOINED.get(f"{file}/README.md", "")) if w in known), "")
    if wanted in known:
        there = os.path.relpath(wanted, posixpath.dirname(place) or ".")
        return f"{picture}[{text}]({there}{'#' + anchor if anchor else ''})"
    if not (ROOT / file).exists():
        return found[0]
    plain = text.strip("`")
    return f"{plain} (`{file}`)" if plain != file else f"`{file}`"
