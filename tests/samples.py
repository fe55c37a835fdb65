"""Values for every field of a schema, made from the schema itself: a new field is tested without being named."""

import random
import string
import uuid
from collections.abc import Iterator

from marshmallow import Schema, fields, validate

from shared.schemas.content import Content
from shared.schemas.strict import ID, Boolean, Number, Text, Timestamp

ODD_KEYS = ["St. Cuthbert's", 'the "best"', "`tick`", "a.b.c", "ünï½code", "with space", "0", "__one_side", "a/b", "\\"]


def leaves(schema: Schema, *under: str) -> Iterator[tuple[tuple[str, ...], fields.Field]]:
    """Every field that can be sent, nested ones by their path; and of those that cannot, just the field itself."""
    for name, field in schema.fields.items():
        name = field.data_key or name
        if isinstance(field, fields.Nested) and not field.many and not field.dump_only:
            yield from leaves(field.schema, *under, name)
        else:
            yield (*under, name), field


def nested(path: tuple[str, ...], value):
    """{"a": {"b": value}} for ("a", "b")."""
    for name in reversed(path):
        value = {name: value}
    return value


def at(document, path: tuple[str, ...]):
    for name in path:
        document = document[name]
    return document


def sample(field: fields.Field, seed: str):
    """A valid value of the field, other than `{}` and null, the same for the same seed."""
    return _value(field, random.Random(seed))


def _value(field, dice):
    validators = field.validators
    if choice := next((v for v in validators if isinstance(v, validate.OneOf)), None):
        return dice.choice(list(choice.choices))
    if bounds := next((v for v in validators if isinstance(v, validate.Range)), None):
        return dice.randint(bounds.min or 0, bounds.max or 10**12)
    if ID in validators:
        return str(uuid.UUID(int=dice.getrandbits(128)))
    if isinstance(field, fields.Nested):
        whole = {f.data_key or n: _value(f, dice) for n, f in field.schema.fields.items() if not f.dump_only}
        return [whole] if field.many else whole
    if isinstance(field, fields.List):
        return [_value(field.inner, dice) for _ in range(dice.randint(1, 3))]
    if isinstance(field, fields.Dict):
        keys = dice.sample(ODD_KEYS, 3)
        return {k: _value(field.value_field, dice) for k in keys} if field.value_field else free(dice)
    simple = {
        Boolean: lambda: dice.choice([True, False]),
        Number: lambda: dice.choice([dice.randint(-(2**63), 2**63 - 1), dice.uniform(-1e9, 1e9)]),
        Timestamp: lambda: f"2026-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}T03:04:05.{dice.randint(0, 999_999):06}Z",
        fields.Integer: lambda: dice.randint(0, 2**53),
        fields.Raw: lambda: dice.choice([words(dice), free(dice)]),
        fields.String: lambda: words(dice),
        Text: lambda: words(dice),
        Content: lambda: dice.choice([words(dice), dice.randint(0, 30), 0.25, True, rows(dice), free(dice)]),
    }
    return simple[type(field)]()


def words(dice) -> str:
    return "".join(dice.choice(string.printable[:95] + "éß“”½漢🐉\n") for _ in range(dice.randint(1, 40)))


def rows(dice):
    """Lists in lists, as a table has them, and what they are stored as."""
    return [[words(dice), 1], [[], [[True]]], {"[]": [words(dice)]}, {"[][]": 1}, {"[]": {"[]": 2}}]


def free(dice, depth=0):
    """A map such as a tool may think up: any JSON, any keys."""
    choices = [lambda: words(dice), lambda: dice.random(), lambda: dice.randint(-(2**63), 2**63 - 1), lambda: True]
    choices += [lambda: [words(dice), {"in a list": None, "empty": {}}, 3, None], lambda: [], lambda: rows(dice)]
    choices += [lambda: free(dice, depth + 1)] if depth < 4 else []
    return {key: dice.choice(choices)() for key in dice.sample(ODD_KEYS, dice.randint(1, 4))}
