"""Writes `src/gradus_client/document.py`: the types of the OpenAPI document.

Parameters that a method takes by position, or sets itself, are left out of its keywords.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OWN = {
    "/v1/search": {"q"},
    "/v1/suggest": {"q"},
    "/v1/graph": {"center", "format"},
    "/v1/path": {"from", "to"},
    "/v1/bridges": {"from"},
}


def main(document: pathlib.Path, out: pathlib.Path) -> None:
    """Generates `out` of `document`."""
    api = json.loads(document.read_text())
    for path, operations in api["paths"].items():
        for operation in operations.values():
            own = OWN.get(path, set()) | {"cursor", "fields"}
            if "parameters" in operation:
                operation["parameters"] = [one for one in operation["parameters"] if one["name"] not in own]
    for schema in api["components"]["schemas"].values():
        # "Nothing else is taken" is PEP 728, which no checker knows whole.
        schema.pop("additionalProperties", None)
    with tempfile.TemporaryDirectory() as folder:
        cut = pathlib.Path(folder, "openapi.json")
        cut.write_text(json.dumps(api))
        command = [sys.executable, "-m", "datamodel_code_generator", "--input", str(cut), "--output", str(out)]
        settings = """--input-file-type openapi --output-model-type typing.TypedDict --target-python-version 3.10
            --openapi-scopes schemas paths parameters --use-operation-id-as-name --use-schema-description
            --use-field-description --enum-field-as-literal all --use-standard-collections --use-union-operator
            --use-double-quotes --disable-timestamp --formatters builtin"""
        subprocess.run([*command, *settings.split()], check=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
