"""Changes to files that people and programs write: what a cell, a key or an attribute may come to hold, and bytes.

Each is drawn with a `random.Random`, so that a seed and a number say which case it was. A change says the law it is held to:

- ``any``: read, or refused by name;
- ``same``: read as it was before, or refused (another spelling of the same thing);
- ``refused``: never read (an unknown key or column, a key that stands twice);
- ``told``: if it is read, what is read is not what it was before, or something is said of it (nothing is ignored).
"""

from __future__ import annotations

import csv
import io
import json
from copy import deepcopy
from dataclasses import dataclass
from xml.etree import ElementTree

import yaml

ANY, SAME, REFUSED, TOLD = "any", "same", "refused", "told"
#: what no reader expects, and a spreadsheet, a gauge or a hurried hand writes all the same
EXTREMES = (
    "", " ", "-", "0", "-0.0", "-1", "nan", "NaN", "inf", "-inf", "1e308", "-1e308", "1e-308", "1e999", "1e15", "9" * 400, "1_000",
    "0x1F", "1,5", "1 234,5", "1.234.567", "1\u00a0000", "\u22125", "\u0661\u0662", "12%", "#N/A", "#REF!", "=1+1", "нет", "да", "true",
    "None", "null", "2025-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2025-13", "02-30", "13-01", "01-01", "2025", "../../etc",
    "/dev/zero", "CON", "\u202e", "\ud7ff", "\U0001f40b", "a" * 5000, "'", '"', "\\", ";", "\t", "\u2028", "\x0b", "\x7f", "{x}", "{0}",
    "%s", "<b>", "&amp;", "$x$", "[link", "|", "`", "*", "@SUM(1)", "-1+1",
)  # fmt: skip
#: the same as structured values have it
VALUES = (
    *EXTREMES, None, True, False, 0, -1, 1, 2**63, 10**400, 1e308, -1e308, 5e-324, float("nan"), float("inf"), [], {}, [[]], [None],
    {"": ""},
)  # fmt: skip
DELIMITERS = (";", "\t", "|")
ENCODINGS = ("utf-8-sig", "cp1251", "utf-16", "utf-16-le", "koi8-r", "cp866", "latin-1", "utf-32")
UNKNOWN = "surely_no_name_of_ours"
DEEPEST, LONGEST_TEXT = 2000, 300_000


@dataclass(frozen=True)
class Change:
    """What was done, what came of it, and the law it is held to."""

    what: str
    content: bytes
    law: str = ANY


def change_bytes(draw, content):
    """Bytes flipped, lost, put in or moved, without any regard to what they mean."""
    data = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data) + 1)
        count = min(len(data) - at, draw.choice((1, 1, 2, 8, 64, 4096)))
        how = draw.choice(("flip", "flip", "set", "drop", "put", "copy", "cut", "fill"))
        if how == "flip" and at < len(data):
            data[at] ^= 1 << draw.randrange(8)
        elif how == "set" and at < len(data):
            data[at] = draw.choice((0, 255, 10, 13, 34, 39, 44, 59, draw.randrange(256)))
        elif how == "drop":
            del data[at : at + count]
        elif how == "put":
            data[at:at] = draw.choice((b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b"\x1a", b"\xc3", draw.randbytes(count)))
        elif how == "copy":
            data[at:at] = data[at : at + count]
        elif how == "cut":
            data = data[:at]
        elif count:
            data[at : at + count] = bytes([draw.choice((0, 32, 255))]) * count
    return Change("bytes", bytes(data))


def rows_of(content):
    """Cells of a CSV table, its delimiter found."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def as_csv(rows, delimiter=",", line="\n", quoting=csv.QUOTE_MINIMAL):
    """Rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line, quoting=quoting).writerows(rows)
    return out.getvalue()


def is_figure(cell):
    """True for a plain number."""
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return isinstance(cell, int | float) or cell.strip().replace(".", "", 1).lstrip("-").isdigit()


def respelled(draw, cell):
    """The same number in another spelling."""
    value = float(cell)
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    thousands = f"{value:,.3f}"
    return draw.choice(
        (
            f" {plain} ", f"{value:e}", f"+{plain}", plain.replace(".", ","), thousands, thousands.replace(",", " "),
            thousands.replace(",", "\u00a0"), thousands.replace(",", "\u202f"), thousands.replace(",", "'"),
            thousands.replace(",", "_"), thousands.replace(",", "\0").replace(".", ",").replace("\0", "."), f"0{plain}", f"{plain}.",
            plain.replace("-", "\u2212"), "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in plain),
            "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in plain), f'"{plain}"', f"{plain}\u00a0", f"={plain}",
        )
    )  # fmt: skip


def change_cells(draw, rows, free=()):
    """Rows of a table with something changed, what it was, and its law; ``free`` are columns that decide nothing."""
    rows = [list(row) for row in rows]
    row, how = draw.randrange(len(rows)), draw.choice(
        ("cell", "cell", "cell", "figure", "figure", "respelled", "respelled", "column twice", "column named", "column put", "column lost",
         "columns swapped", "row twice", "row lost", "rows swapped", "blank row", "short row", "long row", "header twice", "header lost",
         "neighbour", "many rows")
    )  # fmt: skip
    width = len(rows[0])
    column = draw.randrange(max(width, 1))
    while len(rows[row]) <= column:
        rows[row].append("")
    figures = [(r, c) for r, line in enumerate(rows[1:], 1) for c, cell in enumerate(line) if is_figure(cell) and c < width]
    if how == "cell":
        rows[row][column] = draw.choice(EXTREMES)
        return rows, f"cell {row},{column} = {rows[row][column][:20]!r}", ANY
    if how in ("figure", "respelled") and figures:
        row, column = draw.choice(figures)
        old = rows[row][column]
        if how == "respelled":
            rows[row][column] = respelled(draw, old)
            return rows, f"{rows[0][column]}, row {row + 1}: {old} spelled {rows[row][column]!r}", SAME
        rows[row][column] = f"{float(old) * draw.choice((0.5, 1.25, 2.0, 1e6, 1e-9)) + draw.choice((0, 0, 1)):.12g}"
        law = ANY if rows[0][column] in free or float(rows[row][column]) == float(old) else TOLD
        return rows, f"{rows[0][column]}, row {row + 1}: {old} -> {rows[row][column]}", law
    return _change_shape(draw, rows, how, row, column)


def _change_shape(draw, rows, how, row, column):
    """Columns and rows twice, lost, moved, named anew."""
    law = ANY
    if how.startswith("column") and how != "columns swapped":
        law = {"column twice": REFUSED, "column named": REFUSED, "column put": REFUSED}.get(how, ANY)
        for k, line in enumerate(rows):
            cell = line[column] if column < len(line) else ""
            if how == "column twice":
                line.append(cell)
            elif how == "column put":
                line.insert(column, UNKNOWN if k == 0 else "1")
            elif how == "column lost" and column < len(line):
                del line[column]
            elif how == "column named" and k == 0:
                line[column] = UNKNOWN
    elif how == "columns swapped":
        law, other = SAME, draw.randrange(len(rows[0]))
        for line in rows:
            line += [""] * (len(rows[0]) - len(line))
            line[column], line[other] = line[other], line[column]
    elif how == "row twice":
        rows.insert(row, list(rows[row]))
    elif how == "rows swapped":
        other = draw.randrange(len(rows))
        rows[row], rows[other] = rows[other], rows[row]
    elif how == "blank row":
        law = SAME
        rows.insert(max(row, 1), draw.choice(([], [""] * len(rows[0]))))
    elif how == "long row":
        rows[row].append(draw.choice(("1", UNKNOWN)))
        law = REFUSED
    elif how == "short row":
        rows[row] = rows[row][:column]
    elif how == "header twice":
        rows.insert(row + 1, list(rows[0]))
    elif how == "neighbour":
        rows[row][column] = draw.choice(rows)[-1] if len(rows[row]) else ""
    elif how == "many rows":
        rows += [list(rows[row]) for _ in range(300)]
    else:
        del rows[0 if how == "header lost" else row]
    return rows, f"{how}, row {row + 1}, column {column + 1}", law


def change_table(draw, content, free=(), loose=False, seasons=False):
    """A CSV table with a cell, its shape, its form or its bytes changed.

    ``loose`` where a title may stand above the head and columns beside it, ``seasons`` where rows may be of another season.
    """
    kind = draw.choice(("cells", "cells", "cells", "form", "bytes"))
    if kind == "bytes":
        return change_bytes(draw, content)
    rows = rows_of(content)
    if kind == "cells" and rows and rows[0]:
        rows, what, law = change_cells(draw, rows, free)
        return Change(
            what,
            as_csv(rows).encode("utf-8", "surrogatepass"),
            ANY if (loose and law in (REFUSED, TOLD)) or (seasons and law == TOLD) else law,
        )
    form = draw.choice(("delimiter", "encoding", "line", "quotes", "title", "end"))
    delimiter = draw.choice(DELIMITERS) if form == "delimiter" else ","
    line = draw.choice(("\r\n", "\r", "\n\n", "\u2028")) if form == "line" else "\n"
    text = as_csv(rows, delimiter, line, csv.QUOTE_ALL if form == "quotes" else csv.QUOTE_MINIMAL)
    if form == "title":
        return Change("a line above the head", f"A title,\n{text}".encode())
    if form == "end":
        return Change("end", text.encode() + draw.choice((b"\x1a", b"\0", b"\n\n\n", b",,,,\n", b'"')))
    encoding = draw.choice(ENCODINGS) if form == "encoding" else "utf-8"
    law = ANY if form == "line" and line == "\u2028" else SAME
    return Change(f"{form} {encoding} {delimiter!r} {line!r}", text.encode(encoding, "replace"), law if text.isascii() else ANY)


def places_of(value, path=()):
    """Paths of all that stands in a structure."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places_of(item, (*path, key))


def at(value, path):
    """What stands at a path."""
    for key in path:
        value = value[key]
    return value


def change_structure(draw, found):
    """A structure of dicts and lists with one thing in it changed, and what it was."""
    found = deepcopy(found)
    paths = [path for path in places_of(found) if path]
    if not paths:
        return draw.choice(VALUES), "everything", ANY
    path = draw.choice(paths)
    holder, key = at(found, path[:-1]), path[-1]
    how = draw.choice(
        ("value", "value", "value", "figure", "lost", "named", "unknown key", "listed", "item twice", "deep", "other", "text")
    )
    told = f"{how} at {'.'.join(map(str, path))}"
    law = ANY
    if how == "figure" and isinstance(holder[key], int | float) and not isinstance(holder[key], bool):
        holder[key] = holder[key] * draw.choice((-1, 0.5, 2, 1e9, 1e-9)) + draw.choice((0, 1, 0.5))
    elif how == "lost":
        del holder[key]
    elif how == "named" and isinstance(holder, dict):
        holder[UNKNOWN] = holder.pop(key)
    elif how == "unknown key" and isinstance(holder, dict):
        holder[UNKNOWN] = draw.choice(VALUES)
    elif how == "listed":
        holder[key] = [holder[key]]
    elif how == "item twice" and isinstance(holder, list):
        holder.insert(key, deepcopy(holder[key]))
    elif how == "deep":
        nest: object = holder[key]
        for _ in range(draw.choice((5, 60, 150))):
            nest = [nest]
        holder[key] = nest
    elif how == "other":
        holder[key] = deepcopy(at(found, draw.choice(paths)))
        if _loops(found):
            holder[key] = None
    elif how == "text":
        holder[key] = str(holder[key])
    else:
        holder[key] = draw.choice(VALUES)
        told += f" = {str(holder[key])[:20]!r}"
    return found, told, law


def _loops(found):
    try:
        json.dumps(found, default=str)
    except (ValueError, RecursionError):
        return True
    return False


def change_yaml(draw, content, closed=True):
    """A YAML file with something in it changed; ``closed`` where every key must be known."""
    kind = draw.choice(("structure", "structure", "structure", "lines", "bytes", "whole"))
    text = content.decode("utf-8")
    if kind == "bytes":
        return change_bytes(draw, content)
    if kind == "whole":
        return Change("whole", draw.choice(_WHOLE_YAML)(text).encode("utf-8", "replace"))
    if kind == "lines":
        lines = text.splitlines()
        row = draw.randrange(len(lines))
        how = draw.choice(("twice", "lost", "indented", "moved"))
        if how == "twice":
            lines.insert(row, lines[row])
        elif how == "lost":
            del lines[row]
        elif how == "indented":
            lines[row] = draw.choice(("  ", " ", "\t", "- ")) + lines[row]
        else:
            lines.insert(draw.randrange(len(lines)), lines.pop(row))
        return Change(f"line {row + 1} {how}", ("\n".join(lines) + "\n").encode())
    found, what, law = change_structure(draw, yaml.safe_load(text))
    try:
        return Change(what, yaml.safe_dump(found, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass"), law)
    except (yaml.YAMLError, RecursionError):
        return change_bytes(draw, content)


_WHOLE_YAML = (
    lambda _: "",
    lambda _: "- a\n",
    lambda _: "a\n",
    lambda _: "null\n",
    lambda text: text + "---\n" + text,
    lambda text: (
        f"x0: &x0 [1]\n{''.join(f'x{k}: &x{k} [*x{k - 1}, *x{k - 1}, *x{k - 1}, *x{k - 1}]{chr(10)}' for k in range(1, 14))}" + text
    ),
    lambda text: "a: &a [*a]\n" + text,
    lambda _: "[" * DEEPEST,
    lambda _: "{a: " * DEEPEST,
    lambda text: "a: !!python/object/apply:os.system [id]\n" + text,
    lambda text: text.replace(": ", ":\t"),
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text + "# " + "x" * LONGEST_TEXT + "\n",
    lambda text: text.replace(":", "\uff1a", 3),
    lambda text: f"%YAML 9.9\n---\n{text}",
    lambda text: f"<<: {{a: 1}}\n{text}",
)


def change_json(draw, content):
    """A JSON text with something in it changed."""
    kind = draw.choice(("structure", "structure", "structure", "structure", "bytes", "whole"))
    if kind == "bytes":
        return change_bytes(draw, content)
    if kind == "whole":
        whole = (b"", b"null", b"[]", b'"x"', b"1e999", b"[" * DEEPEST, b'{"a":' * DEEPEST, b"\xef\xbb\xbf" + content, content + content)
        return Change("whole", draw.choice(whole))
    found, what, law = change_structure(draw, json.loads(content))
    return Change(what, json.dumps(found, ensure_ascii=draw.random() < 0.3).encode("utf-8", "surrogatepass"), law)


def change_xml(draw, content):
    """An XML file with an element, an attribute, a text or its bytes changed."""
    kind = draw.choice(("element", "element", "element", "bytes", "whole"))
    if kind == "bytes":
        return change_bytes(draw, content)
    if kind == "whole":
        bomb = "".join(f'<!ENTITY x{k} "{f"&x{k - 1};" * 10 if k else "x"}">' for k in range(9))
        head = f"<!DOCTYPE TimeSeries [{bomb}]>"
        whole = (b"", b"<a/>", b"<a>" * DEEPEST, f"{head}<a>&x8;</a>".encode(), content * 2, content.replace(b"UTF-8", b"UTF-16"),
                 b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', content.replace(b"xmlns=", b"x="))  # fmt: skip
        return Change("whole", draw.choice(whole))
    root = ElementTree.fromstring(content)  # noqa: S314 - our own
    parents = [(parent, child) for parent in root.iter() for child in parent]
    parent, child = draw.choice(parents)
    how = draw.choice(("attribute", "attribute", "attribute", "attribute lost", "text", "twice", "lost", "named", "moved"))
    texts = [x for x in EXTREMES if all(sign >= " " for sign in x)]
    if how.startswith("attribute") and child.attrib:
        name = draw.choice(sorted(child.attrib))
        if how == "attribute":
            child.set(name, draw.choice(texts))
        else:
            del child.attrib[name]
    elif how == "twice":
        parent.append(deepcopy(child))
    elif how == "lost":
        parent.remove(child)
    elif how == "named":
        child.tag = f"{child.tag}x"
    elif how == "moved":
        parent.remove(child)
        parent.insert(0, child)
    else:
        child.text = draw.choice(texts)
    return Change(f"{how} of {child.tag.rpartition('}')[2]}", ElementTree.tostring(root, "utf-8"))
