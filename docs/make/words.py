"""The catalogues of words: ``python -m docs.make.words`` gathers every sentence of the package and compiles every language.

A translator edits ``waterflow/words/locale/<code>/LC_MESSAGES/waterflow.po`` and runs this; the compiled file beside it is
what the package reads. With ``--check`` nothing is written and a difference is an error.
"""

from __future__ import annotations

import io
import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "waterflow" / "words" / "locale"
#: a sentence of the page may be said within a template
INSIDE = {"**.js": {"parse_template_string": "true"}}
KEYWORDS = {"say": None, "mark": None, "say_many": (1, 2), "say_of": ((1, "c"), 2)}
HEAD = "# The words of waterflow in the language {language}: sentences gathered by python -m docs.make.words, translated by hand."


class _Catalog(Catalog):
    """A catalogue whose head holds what gettext needs and nothing that changes by itself (dates, versions, names)."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Language, plural forms, encoding."""
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


@cache
def sentences() -> Catalog:
    """Every sentence of the package, with the files that say it; read once, and changed by nobody."""
    catalog = Catalog(project="waterflow", fuzzy=False)
    found = extract_from_dir(ROOT / "waterflow", [("**.py", "python"), ("**.js", "javascript")], keywords=KEYWORDS, options_map=INSIDE)
    for file, _line, sentence, _comments, context in found:
        catalog.add(sentence, locations=[(f"waterflow/{file}", 0)], context=context)
    return catalog


def gathered(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with every sentence of the package and no other."""
    path = LOCALE / language / "LC_MESSAGES" / "waterflow.po"
    with path.open("rb") as file:
        known = read_po(file, locale=language)
    catalog = _Catalog(locale=language, header_comment=HEAD.format(language=language), fuzzy=False)
    for message in template:
        if message.id:
            old = known.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
            said = old.string if old and not old.fuzzy else None
            if isinstance(message.id, tuple) and not isinstance(said, tuple):
                said = None
            catalog.add(message.id, said, locations=sorted(set(message.locations)), context=message.context)
    return catalog


def files(language: str, template: Catalog) -> dict[Path, bytes]:
    """The two files of a language as they should be."""
    catalog = gathered(language, template)
    folder, text, compiled = LOCALE / language / "LC_MESSAGES", io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    write_mo(compiled, catalog)
    return {folder / "waterflow.po": text.getvalue(), folder / "waterflow.mo": compiled.getvalue()}


def missing(language: str) -> list[str]:
    """Sentences that a language does not have."""
    catalog = gathered(language, sentences())
    return [str(m.id) for m in catalog if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def main() -> int:
    """Write every catalogue, or with ``--check`` tell which would change."""
    template, wrong = sentences(), []
    for folder in sorted(LOCALE.iterdir()):
        for path, wanted in files(folder.name, template).items():
            if "--check" not in sys.argv:
                path.write_bytes(wanted)
            elif not path.is_file() or path.read_bytes() != wanted:
                wrong.append(str(path.relative_to(ROOT)))
    if wrong:
        sys.stderr.write(f"out of date, run python -m docs.make.words: {', '.join(wrong)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
