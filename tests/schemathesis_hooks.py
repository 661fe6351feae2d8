"""What Schemathesis is not to take for wrong."""

import schemathesis

EMPTY = ("", [], {}, None)


@schemathesis.hook
def filter_query(context, query):
    """Leaves out parameters that hold nothing: an empty filter is none, since forms send those that nobody has filled in."""
    def is_empty(value):
        return value in EMPTY or isinstance(value, list) and all(one in EMPTY for one in value)

    return not any(is_empty(value) for value in (query or {}).values())
