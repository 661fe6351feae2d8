#!/usr/bin/env python3
"""Writes the packages of a Debian mirror as a graph of concepts: JSON Lines on standard output.

    apt-cache dumpavail | python3 benches/debian_packages.py > packages.jsonl

Each package is a concept with its description as text. What it depends on is required (of alternatives the first that
exists), what it recommends is recommended. With --ids the ids are written instead, one a line, for load generators.
"""

import json
import re
import sys


def paragraphs(lines):
    """The paragraphs of a control file as dictionaries of their fields."""
    fields, name = {}, None
    for line in lines:
        line = line.rstrip("\n")
        if not line:
            if fields:
                yield fields
            fields, name = {}, None
        elif line[0] in " \t":
            fields[name] += "\n" + line.strip()
        else:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    if fields:
        yield fields


def slug(package):
    """A package's name as one path segment: of `+`, `.` and the rest only letters, digits and hyphens are kept."""
    return re.sub(r"[^a-z0-9-]", "-", package.lower().replace("+", "p"))


def first_known(field, known):
    """The packages that a dependency field names, of alternatives the first that is known."""
    for alternatives in field.split(","):
        names = [re.split(r"[\s(:\[]", one.strip(), maxsplit=1)[0] for one in alternatives.split("|")]
        found = next((name for name in names if name in known), None)
        if found:
            yield found


def main():
    packages = {}
    for fields in paragraphs(sys.stdin):
        packages.setdefault(fields["Package"], fields)
    slugs = {}
    for package in sorted(packages):
        slugs.setdefault(slug(package), package)
    known = {package: one for one, package in slugs.items()}
    if "--ids" in sys.argv[1:]:
        print("\n".join(sorted(slugs)))
        return
    for package, fields in sorted(packages.items()):
        if package not in known:
            continue
        required = list(dict.fromkeys(first_known(fields.get("Pre-Depends", "") + "," + fields.get("Depends", ""), known)))
        recommended = [one for one in dict.fromkeys(first_known(fields.get("Recommends", ""), known)) if one not in required]
        summary, _, text = fields.get("Description", fields.get("Description-en", "")).partition("\n")
        concept = {
            "kind": "concept",
            "id": known[package],
            "title": package,
            "description": summary,
            "category": fields.get("Section"),
            "prerequisites": [known[one] for one in required if one != package],
            "recommended": [known[one] for one in recommended if one != package],
            "body": text.replace("\n.\n", "\n\n"),
        }
        print(json.dumps(concept, ensure_ascii=False))


if __name__ == "__main__":
    main()
